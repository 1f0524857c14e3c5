import { ToolError } from '../../errors.ts';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errno.ts';

/** The shell's convention: 128 + signal number for a program that a signal ended. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | number | null): number {
  if (signal !== null) return 128 + (typeof signal === 'number' ? signal : signalNumber(signal));
  return code ?? 1;
}

/**
 * Ctrl-C and a closed terminal reach the program and rusta alike, and the program's end may be noticed first: rusta's own
 * signal has arrived by then, but is heard only after a turn of the event loop. Milliseconds.
 */
export const SIGNAL_DELIVERY_MS = 5;

/** The exit code of a program once it has ended; whoever asks for interrupts then knows of those that ended it. */
export async function waitForExit(child: Bun.Subprocess, clock: Clock): Promise<number> {
  await child.exited;
  const code = exitCodeOf(child.exitCode, child.signalCode);
  if (code !== 0) await clock.sleep(SIGNAL_DELIVERY_MS);
  return code;
}

export function startFailure(program: string, error: unknown): ToolError {
  return new ToolError(program, `'${program}' could not be started: ${errorCode(error) ?? String(error)}`);
}

function signalNumber(name: NodeJS.Signals): number {
  // Loaded on demand: it is rarely needed and costs start-up time.
  return process.getBuiltinModule('node:os').constants.signals[name];
}

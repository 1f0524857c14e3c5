import { ToolError } from '../../errors.ts';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errno.ts';

/** Returns the exit code of a program, by the shell's convention 128 + signal number if a signal ended it. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | number | null): number {
  if (signal !== null) return 128 + (typeof signal === 'number' ? signal : signalNumber(signal));
  return code ?? 1;
}

/**
 * Ctrl-C and a closed terminal reach the program and rusta together, and rusta may see the program end before its own handler has run:
 * that takes a turn of the event loop. Milliseconds.
 */
export const SIGNAL_DELIVERY_MS = 5;

/** Waits for the end of a program and returns its exit code. By then `Interrupt` knows of a signal that reached both. */
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

import { ToolError } from '../errors.ts';
import { errorCode } from './errno.ts';

/** What `prepare` of the runner made of a command. */
export interface Prepared {
  readonly argv: string[];
  readonly env: Record<string, string>;
}

/** The shell's convention: 128 + signal number for a program that a signal ended. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | number | null): number {
  if (signal !== null) return 128 + (typeof signal === 'number' ? signal : signalNumber(signal));
  return code ?? 1;
}

export function startFailure(program: string, error: unknown): ToolError {
  return new ToolError(program, `'${program}' could not be started: ${errorCode(error) ?? String(error)}`);
}

function signalNumber(name: NodeJS.Signals): number {
  // Loaded on demand: it is rarely needed and costs start-up time.
  return process.getBuiltinModule('node:os').constants.signals[name];
}

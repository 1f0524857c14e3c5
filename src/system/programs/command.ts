import { lastLines } from '../../text/lines.ts';
import type { Clock } from '../clock.ts';
import type { IgnorableSignal } from '../ignored-signals.ts';
import type { Interrupt } from '../interrupt.ts';
import type { Stdio } from '../terminal/stdio.ts';

export interface Command {
  /** Looked up on PATH, never a shell string. */
  readonly program: string;
  readonly args: readonly string[];
  /** Added to rusta's own environment; values never appear in traces. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface AttachedCommand extends Command {
  /** False keeps what it prints out of the log: it is not for people. */
  readonly isLogged?: boolean;
  /** Ends the program early, by SIGINT first, in addition to an interrupt of rusta. */
  readonly signal?: AbortSignal;
}

export interface CapturedCommand extends Command {
  /** Milliseconds until it is killed: every program has a bound. */
  readonly timeoutMs: number;
  /** A file to read standard input from; default /dev/null. */
  readonly stdinFile?: string;
  /** Text for standard input, which may be a secret: it is in no file and no trace. */
  readonly input?: string;
  /** Hands on rusta's own standard input. */
  readonly ownInput?: true;
  /** Descriptors that it gets beside its streams, such as those of locks that must last as long as it. */
  readonly descriptors?: readonly number[];
  /** Called for each line as it comes, without its end. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** How to ask it to end; default SIGTERM. SIGKILL follows. */
  readonly stopSignal?: 'SIGINT' | 'SIGTERM';
  /** Ends the program early, in addition to an interrupt of rusta. */
  readonly signal?: AbortSignal;
}

export interface Finished {
  /** 128 + number for a program ended by a signal. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

export interface RunnerContext {
  readonly env: Readonly<Record<string, string>>;
  readonly interrupt: Interrupt;
  /** Signals that programs must ignore because rusta was told to. */
  readonly ignored: readonly IgnorableSignal[];
  readonly clock: Clock;
  readonly stdio: Stdio;
  /** Called for each program that is started. Returns a function to call with how the program has ended. */
  readonly trace: (command: Command) => (ending: string) => void;
  /** Keeps rusta's own last line off the terminal while a program has it. */
  readonly occupyTerminal: () => Disposable;
  /** Receives what an attached program prints, when the run is logged. */
  readonly tee?: ((chunk: Uint8Array) => void) | undefined;
}

/** A command that was looked up on PATH, with its whole environment. */
export interface Prepared {
  readonly argv: string[];
  readonly env: Record<string, string>;
}

/** Tells whether the program ended by itself, with exit code 0. */
export function succeeded({ code, timedOut }: Pick<Finished, 'code' | 'timedOut'>): boolean {
  return code === 0 && !timedOut;
}

/** Returns the last line of a program's stderr, else its exit code in words. */
export function reasonOf({ code, stderr }: Pick<Finished, 'code' | 'stderr'>): string {
  return lastLines(stderr, 1)[0] ?? `exit code ${code}`;
}

/** The bound of a program that the user runs, a week: it ends by itself, or by Ctrl-C. Milliseconds. */
export const USERS_PROGRAM_MS = 7 * 24 * 3_600_000;

/** How a trace tells the end of a program that rusta itself ended early. */
export const STOPPED = 'stopped';

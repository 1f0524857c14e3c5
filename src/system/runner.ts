import { ToolError } from '../errors.ts';
import { attachProgram } from './attached.ts';
import { runCaptured } from './captured.ts';
import type { Clock } from './clock.ts';
import { type Detached, startDetached } from './detached.ts';
import type { Interrupt } from './interrupt.ts';
import type { Stdio } from './stdio.ts';

export interface Command {
  /** Looked up on PATH, never a shell string. */
  readonly program: string;
  readonly args: readonly string[];
  /** Added to rusta's own environment; values never appear in traces. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface CapturedCommand extends Command {
  /** Milliseconds until it is killed: every program has a bound. */
  readonly timeoutMs: number;
  /** A file to read standard input from; default /dev/null. */
  readonly stdinFile?: string;
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

export interface Runner {
  /** Absolute path of a program on PATH, undefined if absent. Starts nothing. */
  which(program: string): string | undefined;
  /** Waits for the end whatever the exit code. Throws ToolError (cannot be started, too much output) and Interrupted. */
  run(command: CapturedCommand): Promise<Finished>;
  /** Like `run`, but a time-out or an exit code other than 0 is a ToolError with the program's first line. */
  check(command: CapturedCommand): Promise<Finished>;
  /** Gives the program rusta's own stdin, stdout and stderr; resolves with its exit code. */
  attach(command: Command): Promise<number>;
  /** Own session, stdin /dev/null, output to `logFile`; outlives rusta. */
  detach(command: Command, logFile: string): Detached;
}

export interface RunnerContext {
  readonly env: Readonly<Record<string, string>>;
  readonly interrupt: Interrupt;
  readonly clock: Clock;
  readonly stdio: Stdio;
  readonly trace: (command: Command) => void;
  /** Receives what an attached program prints, when the run is logged. */
  readonly tee?: ((chunk: Uint8Array) => void) | undefined;
}

export function createRunner(context: RunnerContext): Runner {
  const locate = (program: string): string => {
    const path = Bun.which(program, { PATH: context.env['PATH'] ?? '' });
    if (path === null) throw new ToolError(program, `'${program}' is not installed or not on PATH`);
    return path;
  };
  const prepare = (command: Command) => {
    const path = locate(command.program);
    context.trace(command);
    return { argv: [path, ...command.args], env: { ...context.env, ...command.env } };
  };
  const run = (command: CapturedCommand) => runCaptured(prepare(command), command, context);
  return {
    which: (program) => Bun.which(program, { PATH: context.env['PATH'] ?? '' }) ?? undefined,
    run,
    async check(command) {
      const finished = await run(command);
      if (finished.timedOut || finished.code !== 0) throw failure(command, finished);
      return finished;
    },
    attach: (command) => attachProgram(prepare(command), command.program, context),
    detach: (command, logFile) => startDetached(prepare(command), command.program, logFile),
  };
}

/** The error for a program that ended badly, naming it, its verb and the first line it printed. */
export function failure(command: CapturedCommand, finished: Finished): ToolError {
  const name = [command.program, ...command.args.slice(0, 1)].join(' ');
  const details = { code: finished.code, stderr: finished.stderr };
  if (finished.timedOut) {
    return new ToolError(command.program, `'${name}' did not finish within ${Math.round(command.timeoutMs / 100) / 10} s`, details);
  }
  const line = firstLine(finished.stderr) ?? firstLine(finished.stdout);
  return new ToolError(command.program, `'${name}' failed (exit ${finished.code})${line ? `: ${line}` : ''}`, details);
}

/** The first line that says something and is no `noise`, cut to a readable length. */
export function firstLine(text: string, noise?: RegExp): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '' && noise?.test(candidate) !== true);
  return line?.trim().slice(0, 300);
}

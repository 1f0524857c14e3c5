import { ToolError } from '../../errors.ts';
import { firstLine } from '../../text/lines.ts';
import { startIgnoring } from '../ignored-signals.ts';
import { attachProgram } from './attached.ts';
import { startBackground } from './background.ts';
import { runCaptured } from './captured.ts';
import {
  type AttachedCommand,
  type CapturedCommand,
  type Command,
  type Finished,
  type Prepared,
  type RunnerContext,
  STOPPED,
  succeeded,
} from './command.ts';
import { type Detached, startDetached } from './detached.ts';

export interface Runner {
  /** Returns the absolute path of a program on PATH; undefined if there is none. Starts nothing. */
  which(program: string): string | undefined;
  /** Runs a program to its end, whatever its exit code. Throws ToolError (cannot be started, too much output) and Interrupted. */
  run(command: CapturedCommand): Promise<Finished>;
  /** Does the same as `run`, but throws ToolError with the program's first line for a time-out or an exit code other than 0. */
  check(command: CapturedCommand): Promise<Finished>;
  /** Gives the program rusta's own stdin, stdout and stderr; resolves with its exit code. */
  attach(command: AttachedCommand): Promise<number>;
  /** Starts a program in a session of its own that outlives rusta: stdin is /dev/null, its output goes to `logFile`. */
  detach(command: Command, logFile: string): Detached;
  /** Starts a program in a session of its own, without streams; nobody asks for its exit code. Throws ToolError if it cannot be started. */
  background(command: Command): void;
}

export function createRunner(context: RunnerContext): Runner {
  const locate = (program: string): string => {
    const path = Bun.which(program, { PATH: context.env['PATH'] ?? '' });
    if (path === null) throw new ToolError(program, `'${program}' is not installed or not on PATH`);
    return path;
  };
  /** Finds the program, and traces how it is started and ends. */
  const start = <T>(command: Command, launch: (prepared: Prepared, ended: (ending: string) => void) => T): T => {
    const path = locate(command.program);
    const prepared = { argv: startIgnoring(context.ignored, [path, ...command.args]), env: { ...context.env, ...command.env } };
    return launch(prepared, context.trace(command));
  };
  const run = (command: CapturedCommand) =>
    start(command, (prepared, ended) => traced(runCaptured(prepared, command, context), ended, endingOf));
  return {
    which: (program) => Bun.which(program, { PATH: context.env['PATH'] ?? '' }) ?? undefined,
    run,
    async check(command) {
      const finished = await run(command);
      if (!succeeded(finished)) throw failure(command, finished);
      return finished;
    },
    attach: (command) =>
      start(command, (prepared, ended) =>
        traced(attachProgram(prepared, command, context), ended, (code) => endingOf({ code, timedOut: false })),
      ),
    detach: (command, logFile) => start(command, (prepared) => startDetached(prepared, command.program, logFile)),
    background: (command) => start(command, (prepared) => startBackground(prepared, command.program)),
  };
}

async function traced<T>(work: Promise<T>, ended: (ending: string) => void, describe: (result: T) => string): Promise<T> {
  try {
    const result = await work;
    ended(describe(result));
    return result;
  } catch (error) {
    ended(error instanceof ToolError ? 'failed' : STOPPED);
    throw error;
  }
}

function endingOf({ code, timedOut }: Pick<Finished, 'code' | 'timedOut'>): string {
  return timedOut ? 'timed out' : `exit ${code}`;
}

/** Returns the error for a program that failed, naming it, its verb and the first line that it printed. */
export function failure(command: CapturedCommand, finished: Finished): ToolError {
  const name = [command.program, ...command.args.slice(0, 1)].join(' ');
  const { code: exitCode, stderr, stdout, timedOut } = finished;
  const details = { exitCode, stderr, stdout, timedOut };
  if (timedOut) {
    return new ToolError(command.program, `'${name}' did not finish within ${Math.round(command.timeoutMs / 100) / 10} s`, details);
  }
  const line = firstLine(stderr) ?? firstLine(stdout);
  return new ToolError(command.program, `'${name}' failed (exit ${exitCode})${line ? `: ${line}` : ''}`, details);
}

import { ToolError } from '../../errors.ts';
import { firstLine } from '../../text/lines.ts';
import { startIgnoring } from '../ignored-signals.ts';
import { attachProgram } from './attached.ts';
import { startBackground } from './background.ts';
import { runCaptured } from './captured.ts';
import type { CapturedCommand, Command, Finished, RunnerContext } from './command.ts';
import { type Detached, startDetached } from './detached.ts';

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
  /** Own session, no streams; nobody looks how it ends. Throws ToolError if it cannot be started. */
  background(command: Command): void;
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
    return { argv: startIgnoring(context.ignored, [path, ...command.args]), env: { ...context.env, ...command.env } };
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
    background: (command) => startBackground(prepare(command), command.program),
  };
}

/** The error for a program that ended badly, naming it, its verb and the first line it printed. */
export function failure(command: CapturedCommand, finished: Finished): ToolError {
  const name = [command.program, ...command.args.slice(0, 1)].join(' ');
  const details = { exitCode: finished.code, stderr: finished.stderr, stdout: finished.stdout };
  if (finished.timedOut) {
    return new ToolError(command.program, `'${name}' did not finish within ${Math.round(command.timeoutMs / 100) / 10} s`, details);
  }
  const line = firstLine(finished.stderr) ?? firstLine(finished.stdout);
  return new ToolError(command.program, `'${name}' failed (exit ${finished.code})${line ? `: ${line}` : ''}`, details);
}

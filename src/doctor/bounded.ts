import { ToolError } from '../errors.ts';
import { type CapturedCommand, succeeded } from '../system/programs/command.ts';
import { failure, type Runner } from '../system/programs/runner.ts';

/** A program that did not end within its bound. */
export interface Hang {
  /** The call as it would be typed. */
  readonly call: string;
  readonly seconds: number;
}

/** Returns a runner that limits its programs to `limitMs`, and notes in `hangs` those that took longer. */
export function boundRunner(runner: Runner, limitMs: number, hangs: Hang[]): Runner {
  const run = async (command: CapturedCommand) => {
    const timeoutMs = Math.min(command.timeoutMs, limitMs);
    const finished = await runner.run({ ...command, timeoutMs });
    if (finished.timedOut) hangs.push({ call: [command.program, ...command.args].join(' '), seconds: timeoutMs / 1_000 });
    return finished;
  };
  return {
    ...runner,
    run,
    async check(command) {
      const finished = await run(command);
      if (!succeeded(finished)) throw failure({ ...command, timeoutMs: Math.min(command.timeoutMs, limitMs) }, finished);
      return finished;
    },
  };
}

/** Tells whether an error is that of a program that hung, which `hangs` has already. */
export function isHang(error: unknown): boolean {
  return error instanceof ToolError && error.timedOut;
}

import { dirname } from 'node:path';
import { closeFile } from '../files/files.ts';
import { createPrivateFile } from '../files/private-files.ts';
import type { Prepared } from './command.ts';
import { exitCodeOf, startFailure } from './exit-code.ts';

export interface Detached {
  readonly pid: number;
  /** Resolves with the exit code if it ends while rusta lives. */
  readonly exited: Promise<number>;
  /** Returns the exit code; undefined while it runs. */
  exitCode(): number | undefined;
  kill(signal: NodeJS.Signals): void;
  /** Stops waiting for it: rusta may end before it. */
  release(): void;
}

/**
 * Starts a program in a session of its own: no terminal, no Ctrl-C, no SIGHUP, no pipe whose reader may die. It may outlive rusta. Its
 * output goes to a fresh `logFile` (0600), whose folder is its current one: Tart removes a `control.sock` in its current folder
 * (docs/tart.md, trap 2), and the user's must not be lost.
 */
export function startDetached(prepared: Prepared, program: string, logFile: string): Detached {
  const log = createPrivateFile(logFile);
  try {
    const child = Bun.spawn(prepared.argv, {
      env: prepared.env,
      cwd: dirname(logFile),
      stdin: 'ignore',
      stdout: log,
      stderr: log,
      detached: true,
    });
    return {
      pid: child.pid,
      exited: child.exited.then(() => exitCodeOf(child.exitCode, child.signalCode)),
      exitCode: () => (child.exitCode === null && child.signalCode === null ? undefined : exitCodeOf(child.exitCode, child.signalCode)),
      kill: (signal) => child.kill(signal),
      release: () => child.unref(),
    };
  } catch (error) {
    throw startFailure(program, error);
  } finally {
    closeFile(log);
  }
}

import { settlesWithin, systemClock } from '../clock.ts';
import type { Stdio } from '../terminal/stdio.ts';
import type { Prepared } from './command.ts';

export interface AttachedChild {
  readonly child: Bun.Subprocess;
  /** Resolves when everything that it printed has been passed on. */
  finish(): Promise<void>;
}

/** Milliseconds to wait for the end of the output: a process left behind may keep the terminal open. */
const DRAIN_MS = 500;

/** Runs a program on a pseudo-terminal between it and the user's terminal, so that its output can be copied. */
export function recordTerminal(prepared: Prepared, stdio: Stdio, tee: (chunk: Uint8Array) => void): AttachedChild {
  const drained = Promise.withResolvers<void>();
  const child = Bun.spawn(prepared.argv, {
    env: prepared.env,
    // Bun reports the end of the terminal only if it is given in place.
    terminal: {
      cols: process.stdout.columns,
      rows: process.stdout.rows,
      data: (_terminal, chunk) => {
        stdio.write(1, chunk);
        tee(chunk);
      },
      exit: () => drained.resolve(),
    },
  });
  const type = (chunk: Uint8Array) => void child.terminal?.write(chunk);
  const resize = () => child.terminal?.resize(process.stdout.columns, process.stdout.rows);
  setRawMode(true);
  process.stdin.on('data', type);
  // A closed terminal answers EIO; the signal that comes with it ends the session. Stays: it may be told after the session.
  process.stdin.on('error', () => {});
  process.stdout.on('resize', resize);
  return {
    child,
    async finish() {
      process.stdin.off('data', type);
      setRawMode(false);
      process.stdin.pause();
      process.stdin.unref();
      process.stdout.off('resize', resize);
      await settlesWithin(systemClock, drained.promise, DRAIN_MS);
      child.terminal?.close();
    },
  };
}

function setRawMode(raw: boolean): void {
  try {
    process.stdin.setRawMode(raw);
  } catch (error) {
    // A closed terminal has no mode; the signal that comes with it ends the session.
    if (!(error instanceof Error && error.message.includes('setRawMode'))) throw error;
  }
}

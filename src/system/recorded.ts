import type { Session } from './attached.ts';
import type { Prepared } from './spawn.ts';
import type { Stdio } from './stdio.ts';

/** Runs a program on a pseudo-terminal between it and the user's terminal, so that its output can be copied. */
export function recordTerminal(prepared: Prepared, stdio: Stdio, tee: (chunk: Uint8Array) => void): Session {
  const drained = Promise.withResolvers<void>();
  const terminal = new Bun.Terminal({
    cols: process.stdout.columns,
    rows: process.stdout.rows,
    data: (_terminal, chunk) => {
      stdio.write(1, chunk);
      tee(chunk);
    },
    exit: () => drained.resolve(),
  });
  const child = Bun.spawn(prepared.argv, { env: prepared.env, terminal });
  const type = (chunk: Uint8Array) => void terminal.write(chunk);
  const resize = () => terminal.resize(process.stdout.columns, process.stdout.rows);
  process.stdin.setRawMode(true);
  process.stdin.on('data', type);
  process.stdout.on('resize', resize);
  return {
    child,
    async finish() {
      process.stdin.off('data', type);
      process.stdin.setRawMode(false);
      process.stdin.pause();
      process.stdout.off('resize', resize);
      await drained.promise;
      terminal.close();
    },
  };
}

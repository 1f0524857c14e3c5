import type { App } from '../app.ts';
import { Interrupted } from '../errors.ts';
import { settlesWithin } from '../system/clock.ts';
import type { Detached } from '../system/programs/detached.ts';

/** From the clean power button to the power cord (design D9): signal to `tart run`, and milliseconds until the next. */
const STEPS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGUSR2', 10_000],
  ['SIGINT', 5_000],
];

/** Stops a VM that rusta itself booted. A further stop signal skips to SIGKILL. Resolves when the process has ended. */
export async function stopOwned(app: Pick<App, 'clock' | 'interrupt' | 'pids'>, vm: string, process: Detached): Promise<void> {
  await app.interrupt.shield(async () => {
    try {
      for (const [signal, graceMs] of STEPS) {
        if (process.exitCode() !== undefined) break;
        process.kill(signal);
        await settlesWithin(app.clock, process.exited, graceMs, app.interrupt.signal);
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
    if (process.exitCode() === undefined) process.kill('SIGKILL');
    await process.exited;
  });
  app.pids.remove(vm, process.pid);
}

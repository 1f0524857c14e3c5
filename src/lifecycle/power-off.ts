import type { App } from '../app.ts';
import { Interrupted } from '../errors.ts';
import { settlesWithin } from '../system/clock.ts';
import type { Detached } from '../system/programs/detached.ts';

/** Signals to `tart run`, mildest first (D9: USR2 is the power button), and how long to wait after each, in milliseconds. */
const ESCALATION: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGUSR2', 10_000],
  ['SIGINT', 5_000],
];

/** Stops a VM that rusta itself booted, and resolves when its process has ended. A further stop signal skips to SIGKILL. */
export async function powerOffOwnedVm(
  app: Pick<App, 'clock' | 'interrupt' | 'pids' | 'progress'>,
  vm: string,
  tartRun: Detached,
): Promise<void> {
  using _ = app.progress.waiting({ what: 'the power-off', of: `VM '${vm}'` });
  await app.interrupt.shield(async () => {
    try {
      for (const [signal, graceMs] of ESCALATION) {
        if (tartRun.exitCode() !== undefined) break;
        tartRun.kill(signal);
        await settlesWithin(app.clock, tartRun.exited, graceMs, app.interrupt.signal);
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
    if (tartRun.exitCode() === undefined) tartRun.kill('SIGKILL');
    await tartRun.exited;
  });
  app.pids.remove(vm, tartRun.pid);
}

import type { App } from '../app.ts';
import { Interrupted } from '../errors.ts';
import { settlesWithin } from '../system/clock.ts';
import type { Detached } from '../system/programs/detached.ts';

/** Milliseconds to wait after the power button (D9), and after the cut that follows it. */
const BUTTON_MS = 10_000;
const CUT_MS = 5_000;
/** Milliseconds for a guest that was asked before: it is on its way, and gets the time that a shutdown may take. */
const ASKED_MS = 60_000;

/** Says that a VM is stopped because of an error, and after a Ctrl-C what another one does. */
export function announcePowerOff({ out }: Pick<App, 'out'>, vm: string, error: unknown): void {
  const wasCtrlC = error instanceof Interrupted && error.signal === 'SIGINT';
  out.notice(`Stopping VM '${vm}' ...${wasCtrlC ? ' (Ctrl-C again cuts its power)' : ''}`);
}

/** Stops a VM that rusta itself booted, mildest means first, and resolves when its process has ended. A further stop signal skips to SIGKILL. */
export async function powerOffOwnedVm(
  app: Pick<App, 'clock' | 'interrupt' | 'pids' | 'progress'>,
  vm: string,
  tartRun: Detached,
  { wasAsked = false }: { readonly wasAsked?: boolean } = {},
): Promise<void> {
  const means: readonly (readonly [NodeJS.Signals, number])[] = [
    ['SIGUSR2', wasAsked ? ASKED_MS : BUTTON_MS],
    ['SIGINT', CUT_MS],
  ];
  using _ = app.progress.waiting({ what: 'the power-off', of: `VM '${vm}'` });
  await app.interrupt.shield(async () => {
    try {
      for (const [signal, graceMs] of means) {
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

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { asWord } from '../text/shell.ts';
import type { Vm } from '../tools/tart/list.ts';
import { findVmUnderLock } from '../vm/resolve.ts';
import type { FailWhen } from '../vm/waits/waits.ts';
import { waitForGuest } from './agent.ts';
import { failWhenStopped, launch } from './boot.ts';
import { announcePowerOff, powerOffOwnedVm } from './power-off.ts';
import { shutDownOwned } from './shutdown.ts';

/**
 * Does work that needs a running VM. Boots a VM that is off, shuts it down afterwards, and stops it on any error or interrupt; leaves a
 * VM running that ran before (spec 4.10, D9). `failWhen` rejects when the booted VM goes off. `purpose` is shown to others that find the
 * VM busy.
 */
export async function withRunningVm<T>(app: App, vm: Vm, purpose: string, work: (failWhen?: FailWhen) => Promise<T>): Promise<T> {
  if (vm.status === 'running') return work();
  using lock = await app.locks.acquire(vm.name, purpose, 0);
  if ((await findVmUnderLock(app, vm.name, lock)).status === 'running') {
    lock.release();
    return work();
  }
  app.progress.step(`Starting VM '${vm.name}' for this`);
  const tartRun = await launch(app, vm.name, { window: false, owned: true });
  if (tartRun === undefined) {
    throw new RustaError('busy', `VM '${vm.name}' is starting already`, {
      hint: `Try again when 'rusta up ${asWord(vm.name)}' says that it runs.`,
    });
  }
  const failWhen: FailWhen = (finished) => failWhenStopped(app, vm.name, tartRun, finished);
  let isDone = false;
  try {
    await waitForGuest(app, vm.name, tartRun.pid, failWhen);
    app.progress.end('done');
    const result = await work(failWhen);
    isDone = true;
    await app.progress.during(`Shutting VM '${vm.name}' down again`, () => shutDownOwned(app, vm.name, tartRun));
    return result;
  } catch (error) {
    app.progress.end('stopped');
    if (tartRun.exitCode() === undefined) {
      announcePowerOff(app, vm.name, error);
      await powerOffOwnedVm(app, vm.name, tartRun, { wasAsked: isDone });
    }
    // It may have died before, and then nobody else would remove its pid.
    app.pids.remove(vm.name, tartRun.pid);
    throw error;
  }
}

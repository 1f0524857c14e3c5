import type { App } from '../app.ts';
import { ReportedError, RustaError } from '../errors.ts';
import { waitForGuest } from '../lifecycle/agent.ts';
import { failWhenStopped, handOver, launch } from '../lifecycle/boot.ts';
import { announcePowerOff, powerOffOwnedVm } from '../lifecycle/power-off.ts';
import { shutDownOwned } from '../lifecycle/shutdown.ts';
import type { Detached } from '../system/programs/detached.ts';
import { FINISHED, type SettledPlan } from './plan.ts';
import { provision, writeProvisionScript } from './provision.ts';
import type { Steps } from './steps.ts';

/**
 * Boots the cloned VM, provisions it and shuts it down, or leaves it running if that was asked for and returns its pid. If anything fails
 * before the VM is complete, the VM is stopped and kept, and the error says how to go on.
 */
export async function finishCreate(app: App, plan: SettledPlan, steps: Steps): Promise<number | undefined> {
  const { vm, from, desktop, hasScript: script } = plan;
  const request = { vm, desktop, user: plan.credentials.user, isCopy: from !== undefined, script };
  let tartRun: Detached | undefined;
  let isComplete = false;
  try {
    writeProvisionScript(app, request);
    steps.begin('boot', `Booting VM '${vm}' to ${request.isCopy ? 'run your script in it' : 'provision it'}`);
    const booted = await launch(app, vm, { window: plan.window, owned: true });
    if (booted === undefined) throw new RustaError('busy', `VM '${vm}' was started by someone else meanwhile`);
    tartRun = booted;
    await waitForGuest(app, vm, booted.pid, (finished) => failWhenStopped(app, vm, booted, finished));
    await app.store.update((edit) => edit.setVm(vm, { phase: 'provisioning' }));
    await provision(app, request, steps);
    // The VM is complete: switching it off cannot change that.
    await app.store.update((edit) => edit.setVm(vm, FINISHED));
    isComplete = true;
    if (plan.up && bootsAlike(app, plan)) return handOver(app, vm, booted);
    steps.begin('shutdown', `Shutting VM '${vm}' down`);
    await shutDownOwned(app, vm, booted);
    return undefined;
  } catch (error) {
    steps.end('stopped');
    if (tartRun !== undefined) await stop(app, vm, tartRun, { isComplete, error });
    throw withWhatIsLeft(vm, error, isComplete);
  }
}

/**
 * Tells whether the boot for provisioning is like one by the user, so that the VM can stay on. A VM with a desktop is provisioned without
 * its window, and no VM sees anything of the Mac meanwhile.
 */
function bootsAlike({ store }: Pick<App, 'store'>, { vm, window }: SettledPlan): boolean {
  const record = store.read().vms.get(vm);
  return window === (record?.window ?? false) && record?.shares === undefined;
}

interface StopReason {
  readonly isComplete: boolean;
  readonly error: unknown;
}

async function stop(app: App, vm: string, tartRun: Detached, { isComplete, error }: StopReason): Promise<void> {
  if (tartRun.exitCode() === undefined) {
    announcePowerOff(app, vm, error);
    await powerOffOwnedVm(app, vm, tartRun, { wasAsked: isComplete });
  }
  // It may have died before, and then nobody else would remove its pid.
  app.pids.remove(vm, tartRun.pid);
}

export function howToGoOn(vm: string): string {
  return `Go on with 'rusta create ${vm} --resume', or start over: rusta delete ${vm} && rusta create ${vm} ...`;
}

/** Adds to the error what is left, and the command to type next. Does not claim that the VM was kept if it no longer exists. */
function withWhatIsLeft(vm: string, error: unknown, isComplete: boolean): unknown {
  if (!(error instanceof ReportedError)) return error;
  if (error instanceof RustaError && error.code === 'vm_not_found') return error;
  if (isComplete) return error.withHint(`VM '${vm}' is complete and stopped. 'rusta up ${vm}' starts it.`);
  return error.withHint(`VM '${vm}' is stopped and was kept, with all that was done so far. ${howToGoOn(vm)}`);
}

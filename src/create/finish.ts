import type { App } from '../app.ts';
import { ReportedError, RustaError } from '../errors.ts';
import { waitForAgent } from '../lifecycle/agent.ts';
import { failWhenStopped, launch } from '../lifecycle/boot.ts';
import { powerOffOwnedVm } from '../lifecycle/power-off.ts';
import { shutDownOwned } from '../lifecycle/shutdown.ts';
import type { Detached } from '../system/programs/detached.ts';
import type { Progress } from '../ui/progress.ts';
import { FINISHED, type SettledPlan } from './plan.ts';
import { provision, writeProvisionScript } from './provision.ts';

/**
 * Boots the cloned VM, provisions it and shuts it down. On any failure before it is complete the VM is stopped and kept, and
 * the error says how to go on.
 */
export async function finishCreate(app: App, plan: SettledPlan, progress: Progress): Promise<void> {
  const { vm, desktop, credentials } = plan;
  let tartRun: Detached | undefined;
  let isComplete = false;
  try {
    writeProvisionScript(app, { vm, desktop, user: credentials.user });
    progress.step(`Booting VM '${vm}' to provision it`);
    const booted = await launch(app, vm, { window: plan.window, owned: true });
    if (booted === undefined) throw new RustaError('busy', `VM '${vm}' was started by someone else meanwhile`);
    tartRun = booted;
    await waitForAgent(app, vm, booted.pid, (finished) => failWhenStopped(app, vm, booted, finished));
    await app.store.update((edit) => edit.setVm(vm, { phase: 'provisioning' }));
    await provision(app, vm, progress);
    // All is in it: what is left is to switch it off, and that cannot make it incomplete.
    await app.store.update((edit) => edit.setVm(vm, FINISHED));
    isComplete = true;
    progress.step(`Shutting VM '${vm}' down`);
    await shutDownOwned(app, vm, booted);
  } catch (error) {
    progress.end('stopped');
    if (tartRun !== undefined) await stop(app, vm, tartRun, isComplete);
    throw withWhatIsLeft(vm, error, isComplete);
  }
}

async function stop(app: App, vm: string, tartRun: Detached, isComplete: boolean): Promise<void> {
  if (tartRun.exitCode() === undefined) {
    app.out.notice(`Stopping VM '${vm}' ...`);
    await powerOffOwnedVm(app, vm, tartRun, { wasAsked: isComplete });
  }
  // It may have died before, and then nobody else removes its pid.
  app.pids.remove(vm, tartRun.pid);
}

export function howToGoOn(vm: string): string {
  return `Go on with 'rusta create ${vm} --resume', or start over: rusta delete ${vm} && rusta create ${vm} ...`;
}

/** Adds what is left and the command to type next. Does not claim that the VM was kept if it no longer exists. */
function withWhatIsLeft(vm: string, error: unknown, isComplete: boolean): unknown {
  if (!(error instanceof ReportedError)) return error;
  if (error instanceof RustaError && error.code === 'vm_not_found') return error;
  if (isComplete) return error.withHint(`VM '${vm}' is complete and stopped. 'rusta up ${vm}' starts it.`);
  return error.withHint(`VM '${vm}' is stopped and was kept, with all that was done so far. ${howToGoOn(vm)}`);
}

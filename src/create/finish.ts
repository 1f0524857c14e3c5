import type { App } from '../app.ts';
import { ReportedError, RustaError } from '../errors.ts';
import { waitForAgent } from '../lifecycle/agent.ts';
import { launch } from '../lifecycle/boot.ts';
import { powerOffOwnedVm } from '../lifecycle/power-off.ts';
import { shutDown } from '../lifecycle/shutdown.ts';
import type { Detached } from '../system/programs/detached.ts';
import type { Progress } from '../ui/progress.ts';
import type { CreatePlan } from './plan.ts';
import { provision, writeProvisionScript } from './provision.ts';

/** Provisioned guests shut down in seconds; a hanging service gets this long (milliseconds). */
const SHUTDOWN_MS = 120_000;

/**
 * Boots the cloned VM, provisions it and shuts it down. On any failure the VM is stopped and kept, and the error says how
 * to go on.
 */
export async function finishCreate(app: App, plan: CreatePlan, progress: Progress): Promise<void> {
  const { vm, desktop, credentials } = plan;
  let tartRun: Detached | undefined;
  try {
    await app.store.update((edit) => edit.setVm(vm, { window: desktop !== undefined, desktop: desktop?.name }));
    writeProvisionScript(app, { vm, desktop, user: credentials.user });
    progress.step(`Booting VM '${vm}' to provision it`);
    tartRun = await launch(app, vm, plan.window);
    if (tartRun === undefined) throw new RustaError('busy', `VM '${vm}' was started by someone else meanwhile`);
    await waitForAgent(app, vm, tartRun);
    await app.store.update((edit) => edit.setVm(vm, { phase: 'provisioning' }));
    await provision(app, vm, progress);
    progress.step(`Shutting VM '${vm}' down`);
    await shutDown(app, vm, { timeoutMs: SHUTDOWN_MS });
  } catch (error) {
    progress.end('stopped');
    if (tartRun !== undefined && tartRun.exitCode() === undefined) {
      app.out.notice(`Stopping VM '${vm}' ...`);
      await powerOffOwnedVm(app, vm, tartRun);
    }
    throw withWhatIsLeft(vm, error);
  }
  await app.store.update((edit) => edit.setVm(vm, FINISHED));
}

const FINISHED = { phase: undefined, image: undefined, desktop: undefined, cpus: undefined, memory: undefined, disk: undefined } as const;

export function howToGoOn(vm: string): string {
  return `Go on with 'rusta create ${vm} --resume', or start over: rusta delete ${vm} && rusta create ${vm} ...`;
}

/** Adds what is left and the command to type next. Does not claim that the VM was kept if it no longer exists. */
function withWhatIsLeft(vm: string, error: unknown): unknown {
  if (!(error instanceof ReportedError)) return error;
  if (error instanceof RustaError && error.code === 'vm_not_found') return error;
  return error.withHint(`VM '${vm}' is stopped and was kept, with all that was done so far. ${howToGoOn(vm)}`);
}

import { RustaError } from '../errors.ts';
import { waitForAgent } from '../lifecycle/agent.ts';
import { launch } from '../lifecycle/boot.ts';
import { stopOwned } from '../lifecycle/power-off.ts';
import { shutDown } from '../lifecycle/shutdown.ts';
import type { Detached } from '../system/programs/detached.ts';
import type { Progress } from '../ui/progress.ts';
import type { CreateContext, CreatePlan } from './plan.ts';
import { provision, writeProvisionScript } from './provision.ts';

/** Provisioned guests shut down in seconds; a hanging service gets this long (milliseconds). */
const SHUTDOWN_MS = 120_000;

/** Boots the cloned VM, provisions it and shuts it down. On any failure it is stopped and kept; the error says how to go on. */
export async function setUp(app: CreateContext, plan: CreatePlan, progress: Progress): Promise<void> {
  const { vm, desktop, credentials } = plan;
  let process: Detached | undefined;
  try {
    await app.store.update((edit) => edit.setVm(vm, { gui: desktop !== undefined, desktop: desktop?.name }));
    writeProvisionScript(app, vm, { desktop, user: credentials.user });
    progress.step(`Booting VM '${vm}' to provision it`);
    process = await launch(app, vm, plan.graphics);
    if (process === undefined) throw new RustaError(`VM '${vm}' was started by someone else meanwhile`);
    await waitForAgent(app, vm, process);
    await app.store.update((edit) => edit.setVm(vm, { setup: 'provisioning' }));
    await provision(app, vm, progress);
    progress.step(`Shutting VM '${vm}' down`);
    await shutDown(app, vm, SHUTDOWN_MS);
  } catch (error) {
    progress.end('stopped');
    if (process !== undefined && process.exitCode() === undefined) {
      app.out.notice(`Stopping VM '${vm}' ...`);
      await stopOwned(app, vm, process);
    }
    throw kept(vm, error);
  }
  await app.store.update((edit) => edit.setVm(vm, FINISHED));
}

const FINISHED = { setup: undefined, image: undefined, desktop: undefined, cpus: undefined, memory: undefined, disk: undefined } as const;

export function howToGoOn(vm: string): string {
  return `Go on with 'rusta create ${vm} --resume', or start over: rusta delete ${vm} && rusta create ${vm} ...`;
}

/** The same error, ending with what is left and the command to type next. */
function kept(vm: string, error: unknown): unknown {
  // A VM that is gone was not kept.
  if (!(error instanceof RustaError) || error.exitCode === 2) return error;
  const left = `VM '${vm}' was kept, stopped, as far as it came. ${howToGoOn(vm)}`;
  const hint = error.hint === undefined ? left : `${error.hint}\n${left}`;
  return new RustaError(error.message, { hint, exitCode: error.exitCode, cause: error });
}

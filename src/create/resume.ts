import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { shutDown } from '../lifecycle/shutdown.ts';
import { isSameFolder } from '../state/mark.ts';
import type { Boot } from '../state/pid.ts';
import type { Vm } from '../tools/tart/list.ts';
import type { Sizes } from '../tools/tart/tart.ts';
import { verifiedPid } from '../vm/verified-pid.ts';
import { checkHostSize } from './clone/host-check.ts';
import { refuseSmallerDisk, sizesToSet } from './clone/sizes.ts';
import { askedFor, type SettledPlan } from './plan.ts';
import type { Steps } from './steps.ts';

const SHUTDOWN_MS = 60_000;
/** Milliseconds from the start of `tart run` until Tart calls its VM running, on a slow Mac. */
const FIRST_MOMENT_MS = 3_000;
const LOOK_MS = 200;

/**
 * Prepares a VM that was begun: shuts down the boot of a `create` that was killed, and sets the sizes. Makes nothing of the VM anew,
 * because a clone is whole or absent, and this VM may have been used since (D28). Throws RustaError.
 */
export async function prepareResume(app: App, plan: SettledPlan, { status }: Vm, steps: Steps): Promise<void> {
  const { vm } = plan;
  await checkHostSize(app, vm, plan.sizes);
  const sizes = missingSizes(app, plan);
  if (status === 'running' || (await isBooting(app, vm))) await endForgottenBoot(app, vm, steps);
  await app.store.update((edit) => edit.setVm(vm, askedFor(plan)));
  if (Object.keys(sizes).length === 0) return;
  steps.begin('sizing', `Sizing VM '${vm}'`);
  await app.tart.set(vm, sizes);
}

/**
 * Tells whether the VM boots, though Tart does not call it "running" in its first moment. A `create` that was killed in that moment has
 * left only an announcement, so the boot is awaited.
 */
async function isBooting(app: App, vm: string): Promise<boolean> {
  if ((await verifiedPid(app, vm, false)) !== undefined) return true;
  if (!isOf(app, vm, app.pids.announced(vm))) return false;
  const deadline = app.clock.now() + FIRST_MOMENT_MS;
  const isListed = async () => (await app.tart.list()).some(({ name, status }) => name === vm && status === 'running');
  while (!(await isListed())) {
    if (app.clock.now() >= deadline) return false;
    await app.clock.sleep(LOOK_MS, app.interrupt.signal);
  }
  return true;
}

function isOf(app: App, vm: string, boot: Boot | undefined): boot is Boot {
  const now = app.tartFiles.mark(vm);
  return boot?.mark !== undefined && now !== undefined && isSameFolder(boot.mark, now);
}

/** Shuts down the boot of a `create` that was killed. Throws RustaError if the VM runs for a command that is alive. */
async function endForgottenBoot(app: App, vm: string, steps: Steps): Promise<void> {
  const pid = await verifiedPid(app, vm);
  const boot = pid === undefined ? app.pids.announced(vm) : app.pids.boot(vm, pid);
  if (!isOf(app, vm, boot) || !boot.owned) {
    throw new RustaError('vm_running', `VM '${vm}' is running, and to complete it 'rusta create' has to boot it`, {
      hint: `Stop it first: rusta down ${vm} && rusta create ${vm} --resume`,
    });
  }
  steps.begin('earlier boot', `Shutting VM '${vm}' down, which the stopped 'rusta create' left running`);
  await shutDown(app, vm, { timeoutMs: SHUTDOWN_MS });
}

/** Returns the sizes that the VM does not have: those asked for now, and those asked for then if it never got them. */
function missingSizes(app: App, { vm, sizes, resources }: SettledPlan): Sizes {
  const has = app.tartFiles.look(vm);
  refuseSmallerDisk(has?.diskGb, sizes.diskGb, { of: `VM '${vm}'`, command: `rusta create ${vm} --resume` });
  const isBegun = app.store.read().vms.get(vm)?.phase === 'provisioning';
  return sizesToSet(has, isBegun ? sizes : resources);
}

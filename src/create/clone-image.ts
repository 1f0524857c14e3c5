import { RustaError, ToolError } from '../errors.ts';
import { nearestTags } from '../images/nearest.ts';
import type { Inventory } from '../tools/tart-list.ts';
import { explainTart } from '../tools/tart-messages.ts';
import { pullDetail } from '../tools/tart-progress.ts';
import type { Progress } from '../ui/progress.ts';
import { IMAGE_CREDENTIALS } from '../vm/credentials.ts';
import { forget } from '../vm/forget.ts';
import { checkDisk } from './disk-check.ts';
import type { CreateContext, CreatePlan } from './plan.ts';

export interface CloneOptions {
  readonly inventory: Inventory;
  readonly progress: Progress;
  /** An unfinished clone of that name stands there. */
  readonly leftover: boolean;
}

/** Makes the VM and gives it its size. Nothing is left of it if that fails; throws RustaError saying why. */
export async function cloneImage(app: CreateContext, plan: CreatePlan, { inventory, progress, leftover }: CloneOptions): Promise<void> {
  const { vm, resources } = plan;
  const reference = await plan.findReference();
  checkDisk(app, plan, reference, inventory);
  await app.store.update((edit) => edit.setVm(vm, recordOf(plan, reference)));
  try {
    if (leftover) await app.tart.delete(vm);
    progress.step(`Cloning ${reference}`);
    const detail = pullDetail();
    await app.tart.clone(reference, vm, (line) => {
      app.out.program(line, app.verbose);
      progress.detail(detail(line));
    });
    await app.tart.set(vm, resources);
  } catch (error) {
    progress.end('stopped');
    if (!(error instanceof RustaError)) throw error;
    const removed = await app.interrupt.shield(() => undoClone(app, vm));
    throw await cloneFailure(app, { vm, reference, removed }, error);
  }
  await app.store.update((edit) => edit.setVm(vm, { setup: 'booting' }));
}

function recordOf({ desktop, resources, credentials }: CreatePlan, image: string) {
  const custom = (value: string, usual: string) => (value === usual ? undefined : value);
  return {
    gui: desktop !== undefined,
    setup: 'cloning',
    image,
    desktop: desktop?.name,
    cpus: resources.cpus,
    memory: resources.memoryMb,
    disk: resources.diskGb,
    user: custom(credentials.user, IMAGE_CREDENTIALS.user),
    password: custom(credentials.password, IMAGE_CREDENTIALS.password),
  } as const;
}

/** Nothing is left of a VM that failed before its first boot; false if it could not be removed. */
async function undoClone(app: CreateContext, vm: string): Promise<boolean> {
  try {
    if ((await app.tart.list()).some(({ name }) => name === vm)) await app.tart.delete(vm);
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
    app.out.warn(`the unfinished VM '${vm}' could not be removed: ${error.message}`);
    return false;
  }
  await forget(app, vm);
  return true;
}

interface Left {
  readonly vm: string;
  readonly reference: string;
  readonly removed: boolean;
}

/** The error in plain words where they are known, then what is left and the command to go on with. */
async function cloneFailure(app: CreateContext, { vm, reference, removed }: Left, error: RustaError): Promise<RustaError> {
  const again = removed
    ? `Nothing is left of VM '${vm}'. Try again with 'rusta create ${vm} ...'.`
    : `Go on with 'rusta create ${vm} --resume', or remove what is left: rusta delete ${vm}`;
  if (!(error instanceof ToolError)) return new RustaError(error.message, { hint: again, exitCode: error.exitCode, cause: error });
  const known = explainTart(error.stderr);
  if (known === undefined) return new RustaError(`VM '${vm}' was not created: ${error.message}`, { hint: again, cause: error });
  const near = error.stderr.includes('code: 404') ? await nearestTags(app, reference) : [];
  const hints = [...(near.length > 0 ? [`Nearest: ${near.join(', ')}.`] : []), ...(known.hint ? [known.hint] : []), again];
  return new RustaError(`VM '${vm}' was not created from ${reference}: ${known.message}`, { hint: hints.join('\n'), cause: error });
}

import type { App } from '../app.ts';
import { ReportedError, RustaError, ToolError } from '../errors.ts';
import { nearestTags } from '../images/nearest.ts';
import { lastLines, quoted } from '../text/lines.ts';
import type { Inventory } from '../tools/tart-list.ts';
import { explainTart } from '../tools/tart-messages.ts';
import { pullDetail } from '../tools/tart-progress.ts';
import type { Progress } from '../ui/progress.ts';
import { IMAGE_CREDENTIALS } from '../vm/credentials.ts';
import { forgetVm } from '../vm/forget.ts';
import { checkDisk } from './disk-check.ts';
import type { CreatePlan } from './plan.ts';

export interface CloneOptions {
  readonly inventory: Inventory;
  readonly progress: Progress;
  /** A half-made VM of this name exists and is deleted first. */
  readonly hasLeftover: boolean;
}

/** Makes the VM and gives it its size. Nothing is left of it if that fails; throws RustaError saying why. */
export async function cloneImage(app: App, plan: CreatePlan, { inventory, progress, hasLeftover }: CloneOptions): Promise<void> {
  const { vm, resources } = plan;
  const reference = await plan.findReference();
  await checkDisk(app, plan, reference, inventory);
  await app.store.update((edit) => edit.setVm(vm, recordOf(plan, reference)));
  try {
    if (hasLeftover) await app.tart.delete(vm);
    progress.step(`Cloning ${reference}`);
    const detail = pullDetail();
    await app.tart.clone(reference, vm, (line) => {
      app.out.program(line, app.verbose);
      progress.detail(detail(line));
    });
    await app.tart.set(vm, resources);
  } catch (error) {
    progress.end('stopped');
    if (!(error instanceof ReportedError)) throw error;
    const removed = await app.interrupt.shield(() => undoClone(app, vm));
    const next = removed
      ? `Nothing is left of VM '${vm}'. Try again with 'rusta create ${vm} ...'.`
      : `Go on with 'rusta create ${vm} --resume', or remove what is left: rusta delete ${vm}`;
    throw (error instanceof ToolError ? await cloneFailure(app, { vm, reference }, error) : error).withHint(next);
  }
  await app.store.update((edit) => edit.setVm(vm, { phase: 'booting' }));
}

function recordOf({ desktop, resources, credentials }: CreatePlan, image: string) {
  const custom = (value: string, usual: string) => (value === usual ? undefined : value);
  return {
    window: desktop !== undefined,
    phase: 'cloning',
    image,
    desktop: desktop?.name,
    cpus: resources.cpus,
    memory: resources.memoryMb,
    disk: resources.diskGb,
    user: custom(credentials.user, IMAGE_CREDENTIALS.user),
    password: custom(credentials.password, IMAGE_CREDENTIALS.password),
  } as const;
}

/** Removes what there is of a VM that failed before its first boot. Returns false if it could not be removed. */
async function undoClone(app: App, vm: string): Promise<boolean> {
  try {
    if ((await app.tart.list()).some(({ name }) => name === vm)) await app.tart.delete(vm);
  } catch (error) {
    if (!(error instanceof ReportedError)) throw error;
    app.out.warn(`the unfinished VM '${vm}' could not be removed: ${error.message}`);
    return false;
  }
  await forgetVm(app, vm);
  return true;
}

/** How much of what Tart said last stands below our own words for it. */
const SAID_LINES = 2;

/** Returns the failure in plain words where they are known, and Tart's own below them. */
async function cloneFailure(app: App, { vm, reference }: { vm: string; reference: string }, error: ToolError): Promise<RustaError> {
  // Tart tells on stdout why it has no credentials, and on stderr what came of it.
  const known = explainTart(`${error.stdout}\n${error.stderr}`);
  if (known === undefined) return new RustaError('clone_failed', `VM '${vm}' was not created: ${error.message}`, { cause: error });
  const near = error.stderr.includes('code: 404') ? await nearestTags(app, reference) : [];
  const said = quoted(lastLines(error.stderr.trim() === '' ? error.stdout : error.stderr, SAID_LINES));
  const hints = [...said, ...(near.length > 0 ? [`Nearest: ${near.join(', ')}.`] : []), ...(known.hint ? [known.hint] : [])];
  return new RustaError('clone_failed', `VM '${vm}' was not created from ${reference}: ${known.message}`, {
    hint: hints.join('\n'),
    cause: error,
  });
}

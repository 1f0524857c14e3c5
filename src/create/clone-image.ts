import type { App } from '../app.ts';
import { ReportedError, RustaError, ToolError } from '../errors.ts';
import { nearestTags } from '../images/nearest.ts';
import { isSameFolder, type VmMark } from '../state/mark.ts';
import { lastLines, quoted } from '../text/lines.ts';
import type { Inventory } from '../tools/tart-list.ts';
import { explainTart } from '../tools/tart-messages.ts';
import { pullDetail } from '../tools/tart-progress.ts';
import type { Progress } from '../ui/progress.ts';
import { forgetVm } from '../vm/forget.ts';
import { checkDisk } from './disk-check.ts';
import { checkHostSize } from './host-check.ts';
import { askedFor, type SettledPlan } from './plan.ts';

export interface CloneOptions {
  readonly inventory: Inventory;
  readonly progress: Progress;
}

/** Makes the VM and gives it its size. Nothing is left of it if that fails; throws RustaError saying why. */
export async function cloneImage(app: App, plan: SettledPlan, { inventory, progress }: CloneOptions): Promise<void> {
  const { vm, resources } = plan;
  const reference = await plan.findReference();
  await checkDisk(app, plan, reference, inventory);
  await checkHostSize(app, vm, resources);
  // Tart would replace it without a word (docs/tart.md, trap 1), and asking the sources has taken its time.
  if (app.tartFiles.mark(vm) !== undefined) throw new RustaError('vm_exists', `VM '${vm}' was made by someone else meanwhile`);
  await app.store.update((edit) =>
    edit.setVm(vm, { window: plan.desktop !== undefined, phase: 'cloning', image: reference, ...askedFor(plan) }),
  );
  let made: VmMark | undefined;
  try {
    progress.step(`Cloning ${reference}`);
    const detail = pullDetail();
    await app.tart.clone(reference, vm, (line) => {
      app.out.program(line, app.verbose);
      progress.detail(detail(line));
    });
    made = app.tartFiles.mark(vm);
    // From here on the record says which VM it is about.
    await app.store.update((edit) => edit.setVm(vm, { phase: 'cloning' }));
    await app.tart.set(vm, resources);
  } catch (error) {
    progress.end('stopped');
    if (!(error instanceof ReportedError)) throw error;
    // A clone may also fail after it has made the VM: there was none before, so it is ours.
    const ours = made ?? app.tartFiles.mark(vm);
    const removed = await app.interrupt.shield(() => undoClone(app, vm, ours));
    const next = removed
      ? `Nothing is left of VM '${vm}'. Try again with 'rusta create ${vm} ...'.`
      : `Go on with 'rusta create ${vm} --resume', or remove what is left: rusta delete ${vm}`;
    throw (error instanceof ToolError ? await cloneFailure(app, { vm, reference }, error) : error).withHint(next);
  }
  await app.store.update((edit) => edit.setVm(vm, { phase: 'booting' }));
}

/** Removes our own clone before its first boot, and no other VM that has its name by now. Returns false if it could not be removed. */
async function undoClone(app: App, vm: string, ours: VmMark | undefined): Promise<boolean> {
  try {
    const listed = (await app.tart.list()).find(({ name }) => name === vm);
    const now = app.tartFiles.mark(vm);
    const isOurs = ours !== undefined && now !== undefined && isSameFolder(ours, now);
    if (listed !== undefined && (!isOurs || listed.status === 'running')) return false;
    if (listed !== undefined) await app.tart.delete(vm);
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

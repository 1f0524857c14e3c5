import type { App } from '../../app.ts';
import { ReportedError, RustaError, ToolError } from '../../errors.ts';
import { isSameFolder, type VmMark } from '../../state/mark.ts';
import type { VmRecord } from '../../state/record.ts';
import { forgetVm } from '../../vm/forget.ts';

export interface CloneRequest {
  /** The record of the VM from the beginning. */
  readonly record: VmRecord;
  /** Lets Tart make the VM. */
  readonly clone: () => Promise<void>;
  /** Changes the VM before its first boot. If that fails, the VM is removed. */
  readonly adapt: () => Promise<void>;
  /** Returns what to type next, depending on whether anything is left of the VM. */
  readonly next: (isGone: boolean) => string;
  /** Says in plain words why Tart failed. */
  readonly explain: (error: ToolError) => Promise<RustaError>;
}

/** Makes a VM as a transaction (D8): if it fails, nothing is left of the VM. Throws RustaError saying why and what to type next. */
export async function makeClone(app: App, vm: string, { record, clone, adapt, next, explain }: CloneRequest): Promise<void> {
  // Tart would replace it without a word (docs/tart.md, trap 1), and the checks have taken their time.
  if (app.tartFiles.mark(vm) !== undefined) throw new RustaError('vm_exists', `VM '${vm}' was made by someone else meanwhile`);
  await app.store.update((edit) => edit.setVm(vm, { ...record, phase: 'cloning' }));
  let made: VmMark | undefined;
  try {
    await clone();
    made = app.tartFiles.mark(vm);
    // This update adds to the record which VM it is about.
    await app.store.update((edit) => edit.setVm(vm, { phase: 'cloning' }));
    await adapt();
  } catch (error) {
    app.progress.end('stopped');
    if (!(error instanceof ReportedError)) throw error;
    // A clone may fail after it has made the VM. There was none before, so it is ours.
    const ours = made ?? app.tartFiles.mark(vm);
    const removed = await app.interrupt.shield(() => undoClone(app, vm, ours));
    throw (error instanceof ToolError ? (garbledConfig(app, vm, error) ?? (await explain(error))) : error).withHint(next(removed));
  }
}

/**
 * Returns the error for a clone that failed at the `config.json` of another VM: Tart reads those of all VMs, and does not say which it
 * could not read (docs/tart.md, trap 25).
 */
function garbledConfig(app: Pick<App, 'tartFiles'>, vm: string, error: ToolError): RustaError | undefined {
  const [garbled] = error.stderr.includes('correct format') ? app.tartFiles.garbled() : [];
  if (garbled === undefined) return undefined;
  return new RustaError(
    'clone_failed',
    `VM '${vm}' was not created: config.json of VM '${garbled}' is damaged, and Tart reads it for a clone`,
    {
      hint: `Put a whole one back, move the folder of VM '${garbled}' away, or remove it: rusta delete ${garbled}`,
      cause: error,
    },
  );
}

/** Returns what `create` says to type next. */
export function createNext(vm: string): CloneRequest['next'] {
  return (isGone) =>
    isGone
      ? `Nothing is left of VM '${vm}'. Try again with 'rusta create ${vm} ...'.`
      : `Go on with 'rusta create ${vm} --resume', or remove what is left: rusta delete ${vm}`;
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

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { forgetFormer, madeFor } from '../lifecycle/clean-up.ts';
import type { CreatePhase } from '../state/record.ts';
import type { Lock } from '../system/files/lock.ts';
import { keepAwake } from '../tools/caffeinate.ts';
import type { Inventory, Vm } from '../tools/tart/list.ts';
import { findDamaged, vmDamaged, vmObstructed } from '../vm/missing.ts';
import { createNext } from './clone/clone.ts';
import { type CopyRequest, copyVm } from './clone/copy.ts';
import { cloneImage } from './clone/image.ts';
import { sayExisting } from './existing.ts';
import { finishCreate, howToGoOn } from './finish.ts';
import { askedFor, type CreatePlan, FINISHED, type SettledPlan, settle } from './plan.ts';
import { prepareResume } from './resume.ts';
import { createSteps, type LedgerEntry, type Steps } from './steps.ts';
import { keepUserScript } from './user-script.ts';

/** A VM that was made. */
export interface Created {
  /** undefined if it was cloned by an older rusta. */
  readonly image: string | undefined;
  /** Milliseconds since the image was pulled; undefined if it was not cloned now. */
  readonly imageAgeMs: number | undefined;
  readonly plan: SettledPlan;
  /** The time that each step took. */
  readonly ledger: readonly LedgerEntry[];
  /** The pid of its `tart run`, if it was left running on request. */
  readonly running: number | undefined;
}

/**
 * Creates a VM as a transaction (spec 4.3, D8), whose phase is on record: a failure while cloning leaves nothing, a later one leaves a
 * stopped VM and says how to go on. A copy is made without a boot (D20). Returns undefined if the VM existed already.
 */
export async function createVm(app: App, asked: CreatePlan): Promise<Created | undefined> {
  const { vm } = asked;
  using lock = await app.locks.acquire(vm, `rusta create ${vm}`, 0);
  const inventory = await app.tart.inventory();
  const existing = findIgnoringCase(inventory.vms, vm);
  if (existing === undefined) refuseDamaged(app, vm);
  const record = app.store.read().vms.get(vm);
  const decision = decideCreate(asked, existing, record?.phase);
  if (decision === 'skip') {
    sayExisting(app, asked, record, existing?.status === 'running');
    return undefined;
  }
  if (decision === 'nothing-to-resume') {
    lock.discard();
    throw new RustaError('vm_not_found', `VM '${vm}' not found, there is nothing to resume`, {
      hint: `Create it with 'rusta create ${vm}'.`,
    });
  }
  const plan = settle(asked, asked.resume ? record : undefined);
  if (plan.from === undefined || plan.hasScript) keepAwake(app);
  // A new VM must not inherit from a former one of its name (D28).
  if (existing === undefined && !asked.resume && record !== undefined) await forgetFormer(app, vm, madeFor(app, record));
  if (plan.hasScript) keepUserScript(app, vm, plan.script);
  const steps = createSteps(app);
  try {
    return await make(app, plan, { inventory, existing, lock, steps });
  } catch (error) {
    if (app.tartFiles.mark(vm) === undefined) await app.interrupt.shield(() => discardUnused(app, vm, lock));
    throw error;
  } finally {
    steps.end('stopped');
  }
}

/** No VM, no lock file, unless a clone that could not be ended still holds the lock: it inherits that. */
async function discardUnused(app: Pick<App, 'locks'>, vm: string, lock: Lock): Promise<void> {
  lock.release();
  const result = await app.locks.tryAcquire(vm, `rusta create ${vm}`);
  if ('lock' in result) result.lock.discard();
}

interface Circumstances {
  readonly inventory: Inventory;
  readonly existing: Vm | undefined;
  readonly lock: Lock;
  readonly steps: Steps;
}

async function make(app: App, plan: SettledPlan, { inventory, existing, lock, steps }: Circumstances): Promise<Created> {
  const { vm, from, hasScript } = plan;
  if (existing !== undefined) await prepareResume(app, plan, existing, steps);
  else if (from === undefined) await cloneImage(app, plan, { inventory, lock, steps });
  else await copyVm(app, copyRequest(plan, from, lock), inventory.vms, steps);
  const image = app.store.read().vms.get(vm)?.image;
  const imageAgeMs = existing === undefined && image !== undefined ? app.tartFiles.imageAge(image) : undefined;
  let running: number | undefined;
  if (from === undefined || hasScript) running = await finishCreate(app, plan, steps);
  else await app.store.update((edit) => edit.setVm(vm, FINISHED));
  steps.end('done');
  return { image, imageAgeMs, plan, ledger: steps.ledger(), running };
}

function copyRequest(plan: SettledPlan, source: string, lock: Lock): CopyRequest {
  const { vm, resources: sizes } = plan;
  const record = { ...askedFor(plan), identity: 'pending' } as const;
  return { vm, lock, source, sizes, record, purpose: `rusta create ${vm} --from ${source}`, next: createNext(vm) };
}

/** Decides what to do: `clone` makes the VM, `finish` goes on with one that was begun. Throws RustaError if neither is right. */
export function decideCreate(
  { vm, resume }: Pick<CreatePlan, 'vm' | 'resume'>,
  existing: Vm | undefined,
  phase: CreatePhase | undefined,
): 'clone' | 'finish' | 'skip' | 'nothing-to-resume' {
  if (existing === undefined) return resume && phase === undefined ? 'nothing-to-resume' : 'clone';
  if (existing.name !== vm) {
    throw new RustaError('vm_exists', `VM '${existing.name}' already exists, and macOS does not tell '${vm}' from it`, {
      hint: 'Choose another name.',
    });
  }
  if (phase === undefined) return 'skip';
  if (resume) return 'finish';
  throw new RustaError('vm_incomplete', `VM '${vm}' already exists but is not complete: its creation stopped while ${phase}`, {
    hint: howToGoOn(vm),
  });
}

/** Finds a VM regardless of case: APFS does not tell `Lab` from `lab`, and a clone to one replaces the other (docs/tart.md, trap 17). */
function findIgnoringCase(vms: readonly Vm[], name: string): Vm | undefined {
  return vms.find((vm) => vm.name.toLowerCase() === name.toLowerCase());
}

/**
 * Throws RustaError for a VM that exists though Tart does not list it, or a link to one on a disk that is not mounted: a clone would
 * overwrite it.
 */
function refuseDamaged(app: Pick<App, 'tartFiles'>, vm: string): void {
  const name = app.tartFiles.names().find((candidate) => candidate.toLowerCase() === vm.toLowerCase());
  if (name === undefined) return;
  const damaged = findDamaged(app, name);
  if (damaged !== undefined) throw vmDamaged(name, damaged);
  const obstructed = vmObstructed(app, name);
  if (obstructed !== undefined) throw obstructed;
}

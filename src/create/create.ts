import { RustaError } from '../errors.ts';
import { findDesktop } from '../guest/desktops.ts';
import type { SetupPhase, VmRecord } from '../state/document.ts';
import type { Vm } from '../tools/tart-list.ts';
import { createProgress } from '../ui/progress.ts';
import { cloneImage } from './clone-image.ts';
import { howToGoOn, setUp } from './finish.ts';
import type { CreateContext, CreatePlan } from './plan.ts';

/** What was made. */
export interface Created {
  /** undefined if it was cloned by an older rusta. */
  readonly image: string | undefined;
  readonly plan: CreatePlan;
}

/**
 * Spec 4.3 as a transaction (design D8): the phase is on record, failures while cloning leave nothing, later ones leave
 * a stopped VM and say how to go on. undefined if the VM existed already.
 */
export async function createVm(app: CreateContext, asked: CreatePlan): Promise<Created | undefined> {
  const { vm } = asked;
  using lock = await app.locks.acquire(vm, `rusta create ${vm}`, 0);
  const inventory = await app.tart.inventory();
  const existing = findIgnoringCase(inventory.vms, vm);
  const record = app.store.read().vms.get(vm);
  const setup = record?.setup;
  if (existing !== undefined) {
    checkExisting(asked, existing, setup);
    if (setup === undefined) {
      app.out.skip(`VM '${vm}' already exists`);
      app.out.notice(`To recreate: rusta delete ${vm} && rusta create ${vm} ...`);
      return undefined;
    }
  } else if (asked.resume && setup === undefined) {
    lock.discard();
    throw new RustaError(`VM '${vm}' not found, there is nothing to resume`, {
      exitCode: 2,
      hint: `Create it with 'rusta create ${vm}'.`,
    });
  }
  const plan = asked.resume ? withRecord(asked, record) : asked;
  const progress = createProgress(app.out, app.clock);
  try {
    if (existing === undefined || setup === 'cloning')
      await cloneImage(app, plan, { inventory, progress, leftover: existing !== undefined });
    const image = app.store.read().vms.get(vm)?.image;
    await setUp(app, plan, progress);
    progress.end('done');
    return { image, plan };
  } finally {
    progress.end('stopped');
  }
}

/** APFS does not tell `Lab` from `lab`: a clone to one replaces the other (contract, trap 17). */
function findIgnoringCase(vms: readonly Vm[], name: string): Vm | undefined {
  return vms.find((vm) => vm.name.toLowerCase() === name.toLowerCase());
}

function checkExisting({ vm, resume }: CreatePlan, existing: Vm, setup: SetupPhase | undefined): void {
  if (existing.name !== vm) {
    throw new RustaError(`VM '${existing.name}' already exists, and macOS does not tell '${vm}' from it`, { hint: 'Choose another name.' });
  }
  if (setup === undefined) return;
  if (!resume) {
    throw new RustaError(`VM '${vm}' already exists but is not complete: its set-up stopped while ${setup}`, { hint: howToGoOn(vm) });
  }
  if (existing.status === 'running') {
    throw new RustaError(`VM '${vm}' is running; its set-up needs to boot it itself`, {
      hint: `Stop it first: rusta down ${vm} && rusta create ${vm} --resume`,
    });
  }
}

/** What was asked for when the VM was begun; only another desktop can still be chosen. */
function withRecord(asked: CreatePlan, record: VmRecord | undefined): CreatePlan {
  const { image } = record ?? {};
  return {
    ...asked,
    findReference: image === undefined ? asked.findReference : async () => image,
    resources: {
      cpus: record?.cpus ?? asked.resources.cpus,
      memoryMb: record?.memory ?? asked.resources.memoryMb,
      diskGb: record?.disk ?? asked.resources.diskGb,
    },
    credentials: { user: record?.user ?? asked.credentials.user, password: record?.password ?? asked.credentials.password },
    desktop: asked.desktop ?? findDesktop(record?.desktop ?? ''),
  };
}

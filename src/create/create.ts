import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { findDesktop } from '../guest/desktops.ts';
import type { CreatePhase, VmRecord } from '../state/document.ts';
import { keepAwake } from '../tools/caffeinate.ts';
import type { Vm } from '../tools/tart-list.ts';
import { cloneImage } from './clone-image.ts';
import { finishCreate, howToGoOn } from './finish.ts';
import type { CreatePlan } from './plan.ts';

/** What was made. */
export interface Created {
  /** undefined if it was cloned by an older rusta. */
  readonly image: string | undefined;
  readonly plan: CreatePlan;
}

/**
 * Creates a VM as a transaction (spec 4.3, D8): the phase is on record, failures while cloning leave nothing, later ones
 * leave a stopped VM and say how to go on. Returns undefined if the VM existed already.
 */
export async function createVm(app: App, asked: CreatePlan): Promise<Created | undefined> {
  const { vm } = asked;
  using lock = await app.locks.acquire(vm, `rusta create ${vm}`, 0);
  const inventory = await app.tart.inventory();
  const existing = findIgnoringCase(inventory.vms, vm);
  const record = app.store.read().vms.get(vm);
  const decision = decideCreate(asked, existing, record?.phase);
  if (decision === 'skip') {
    app.out.skip(`VM '${vm}' already exists`);
    app.out.notice(`To recreate: rusta delete ${vm} && rusta create ${vm} ...`);
    return undefined;
  }
  if (decision === 'nothing-to-resume') {
    lock.discard();
    throw new RustaError('vm_not_found', `VM '${vm}' not found, there is nothing to resume`, {
      hint: `Create it with 'rusta create ${vm}'.`,
    });
  }
  keepAwake(app);
  const plan = asked.resume ? withRecord(asked, record) : asked;
  const { progress } = app;
  try {
    if (decision === 'clone') await cloneImage(app, plan, { inventory, progress, hasLeftover: existing !== undefined });
    const image = app.store.read().vms.get(vm)?.image;
    await finishCreate(app, plan, progress);
    progress.end('done');
    return { image, plan };
  } finally {
    progress.end('stopped');
  }
}

/** `clone` makes the VM anew, `finish` goes on behind the clone. Throws RustaError where neither is right. */
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
  if (!resume) {
    throw new RustaError('vm_incomplete', `VM '${vm}' already exists but is not complete: its set-up stopped while ${phase}`, {
      hint: howToGoOn(vm),
    });
  }
  if (existing.status === 'running') {
    throw new RustaError('vm_running', `VM '${vm}' is running; its set-up needs to boot it itself`, {
      hint: `Stop it first: rusta down ${vm} && rusta create ${vm} --resume`,
    });
  }
  return phase === 'cloning' ? 'clone' : 'finish';
}

/** APFS does not tell `Lab` from `lab`: a clone to one replaces the other (docs/tart.md, trap 17). */
function findIgnoringCase(vms: readonly Vm[], name: string): Vm | undefined {
  return vms.find((vm) => vm.name.toLowerCase() === name.toLowerCase());
}

/** Takes over what was asked for when the VM was begun; only another desktop can still be chosen. */
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

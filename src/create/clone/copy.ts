import type { App } from '../../app.ts';
import { RustaError, type ToolError } from '../../errors.ts';
import type { VmRecord } from '../../state/record.ts';
import type { Lock } from '../../system/files/lock.ts';
import { asWord } from '../../text/shell.ts';
import type { Vm } from '../../tools/tart/list.ts';
import type { Sizes } from '../../tools/tart/tart.ts';
import { vmNotFound } from '../../vm/missing.ts';
import { findListed } from '../../vm/resolve.ts';
import { verifiedPid } from '../../vm/verified-pid.ts';
import type { Steps } from '../steps.ts';
import { type CloneRequest, makeClone } from './clone.ts';
import { checkHostSize } from './host-check.ts';
import { refuseSmallerDisk, sizesToSet } from './sizes.ts';

export interface CopyRequest extends Pick<CloneRequest, 'next'> {
  readonly vm: string;
  /** The lock of the VM to make. */
  readonly lock: Lock;
  /** The VM to copy. */
  readonly source: string;
  /** The sizes in which the copy differs from its source. */
  readonly sizes: Sizes;
  /** The record of the copy until it is finished, beside what it inherits. */
  readonly record: VmRecord;
  /** The command, as it is shown to others that find the source busy. */
  readonly purpose: string;
}

/** Milliseconds to wait for the source: others copy it one after the other, and `up` and the like hold it only for a moment. */
const COPIES_WAIT_MS = 120_000;
const OTHERS_WAIT_MS = 10_000;
const COPYING = ' --from ';

/**
 * Makes a VM of another that is off, without a boot and without network (D20). If it fails, nothing is left of the VM. Throws RustaError
 * for a source that is absent, running or unfinished, and for a disk that would have to shrink.
 */
export async function copyVm(app: App, request: CopyRequest, vms: readonly Vm[], steps: Steps): Promise<void> {
  const { vm, lock, source, sizes, record, purpose, next } = request;
  await checkSource(app, vms, source);
  using sourceLock = await lockSource(app, source, purpose);
  await refuseBooting(app, source);
  const has = app.tartFiles.look(source);
  refuseSmallerDisk(has?.diskGb, sizes.diskGb, { of: `VM '${source}'`, command: purpose });
  if (sizes.cpus !== undefined || sizes.memoryMb !== undefined) await checkHostSize(app, vm, sizes);
  const toSet = sizesToSet(has, sizes);
  await makeClone(app, vm, {
    record: { ...inherited(app.store.read().vms.get(source)), ...record },
    async clone() {
      steps.begin('clone', `Copying VM '${source}'`);
      await app.tart.copy(source, vm, [lock, sourceLock]);
    },
    async adapt() {
      await checkCopied(app, request);
      if (Object.keys(toSet).length > 0) await app.tart.set(vm, toSet);
    },
    next,
    explain: async (error) => copyFailure(app, request, error),
  });
}

/** Returns what a copy has from its source: the disk holds the login and the key, and a desktop. */
function inherited({ window, user, password, key }: VmRecord = {}): VmRecord {
  return { window, user, password, key };
}

/** Throws RustaError if a copy of that VM would be worthless. */
async function checkSource(app: App, vms: readonly Vm[], source: string): Promise<void> {
  const { status } = await findListed(app, vms, source);
  if (status === 'running') throw sourceRuns(source);
  if (status === 'suspended') {
    throw new RustaError('vm_running', `VM '${source}' is suspended: its disk is not in order`, {
      hint: `Start it and shut it down first, or drop what it had in memory: rusta down ${asWord(source)} --force`,
    });
  }
  const phase = app.store.read().vms.get(source)?.phase;
  if (phase === undefined) return;
  throw new RustaError('vm_incomplete', `VM '${source}' is not complete: its creation stopped while ${phase}`, {
    hint: `Finish it first: rusta create ${asWord(source)} --resume`,
  });
}

/** Throws RustaError for a source in the first moment of its boot, in which Tart does not call it "running" yet. */
async function refuseBooting(app: App, source: string): Promise<void> {
  if ((await verifiedPid(app, source, false)) !== undefined) throw sourceRuns(source);
}

function sourceRuns(source: string): RustaError {
  return new RustaError('vm_running', `VM '${source}' is running, and its disk changes while it does`, {
    hint: `Stop it first: rusta down ${asWord(source)}`,
  });
}

/** Takes the lock of the source, and looks at the source again if it had to wait. */
async function lockSource(app: App, source: string, purpose: string): Promise<Lock> {
  const result = await app.locks.tryAcquire(source, purpose);
  if ('lock' in result) return result.lock;
  const lock = await app.locks.acquire(source, purpose, result.heldBy.includes(COPYING) ? COPIES_WAIT_MS : OTHERS_WAIT_MS);
  try {
    await checkSource(app, await app.tart.list(), source);
    return lock;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Throws RustaError if the copy is missing, or its source has changed meanwhile: rusta's lock keeps only rusta from the source. */
async function checkCopied(app: App, { vm, source }: CopyRequest): Promise<void> {
  const vms = await app.tart.list();
  if (!vms.some(({ name }) => name === vm)) {
    throw new RustaError('clone_failed', `'tart clone' exited with 0, but VM '${vm}' is not there`);
  }
  if (vms.find(({ name }) => name === source)?.status === 'running') {
    throw new RustaError('vm_running', `VM '${source}' was started while it was copied`, {
      hint: `Stop it first: rusta down ${asWord(source)}`,
    });
  }
}

function copyFailure(app: App, { vm, source }: CopyRequest, error: ToolError): RustaError {
  if (app.tartFiles.mark(source) === undefined) return vmNotFound(source, 'It was deleted meanwhile.');
  return new RustaError('clone_failed', `VM '${vm}' was not created: ${error.message}`, { cause: error });
}

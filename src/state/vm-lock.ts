import { RustaError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { FileError } from '../system/file-error.ts';
import { acquireLock, type Lock, type LockResult } from '../system/files/lock.ts';
import type { Interrupt } from '../system/interrupt.ts';
import type { Paths } from './paths.ts';

/** One lock for each VM name without regard to case, held while rusta makes, starts, stops or removes that VM. */
export interface VmLocks {
  /** Throws RustaError naming the holder when it stays taken for `waitMs`. `purpose` is the command, e.g. `rusta create lab`. */
  acquire(vm: string, purpose: string, waitMs: number): Promise<Lock>;
  /** Returns the lock, or who holds it, at once. */
  tryAcquire(vm: string, purpose: string): Promise<LockResult>;
}

export function createVmLocks(paths: Pick<Paths, 'vmLock' | 'claim'>, clock: Clock, interrupt: Interrupt): VmLocks {
  const acquire = (vm: string, purpose: string, waitMs: number) => {
    claimWherePossible(paths);
    return acquireLock(paths.vmLock(vm), clock, { purpose, waitMs, signal: interrupt.signal });
  };
  return {
    async acquire(vm, purpose, waitMs) {
      const result = await acquire(vm, purpose, waitMs);
      if ('lock' in result) return result.lock;
      throw vmBusy(vm, result.heldBy);
    },
    tryAcquire: (vm, purpose) => acquire(vm, purpose, 0),
  };
}

/** On a full disk the marker cannot be written, but locking must work, or `delete` could not free space. */
function claimWherePossible(paths: Pick<Paths, 'claim'>): void {
  try {
    paths.claim();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

/** The error for a VM that another command is at work on. */
export function vmBusy(vm: string, heldBy: string): RustaError {
  const holder = heldBy || 'another rusta';
  return new RustaError('busy', `VM '${vm}' is busy: '${holder}' is at work on it`, { hint: 'Wait for it to end, then try again.' });
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { FileError } from '../system/file-error.ts';
import { acquireLock, type Lock, type LockResult } from '../system/files/lock.ts';
import type { Paths } from './paths.ts';

/** One lock for each VM name without regard to case, held while rusta makes, starts, stops or removes that VM. */
export interface VmLocks {
  /** Throws RustaError naming the holder when it stays taken for `waitMs`. `purpose` is the command, e.g. `rusta create lab`. */
  acquire(vm: string, purpose: string, waitMs: number): Promise<Lock>;
  /** Returns the lock, or who holds it, at once. */
  tryAcquire(vm: string, purpose: string): Promise<LockResult>;
}

type LockContext = Pick<App, 'clock' | 'interrupt' | 'processes'>;

export function createVmLocks(paths: Pick<Paths, 'vmLock' | 'claim'>, app: LockContext): VmLocks {
  const { clock, interrupt } = app;
  const acquire = (vm: string, purpose: string, waitMs: number) => {
    claimWherePossible(paths);
    return acquireLock(paths.vmLock(vm), clock, { purpose, waitMs, signal: interrupt.signal });
  };
  return {
    async acquire(vm, purpose, waitMs) {
      const result = await acquire(vm, purpose, waitMs);
      if ('lock' in result) return result.lock;
      throw vmBusy(app, vm, result.heldBy);
    },
    tryAcquire: (vm, purpose) => acquire(vm, purpose, 0),
  };
}

/** Claims the folder if that is possible: on a full disk the marker cannot be written, but locking must work, or `delete` could not free space. */
function claimWherePossible(paths: Pick<Paths, 'claim'>): void {
  try {
    paths.claim();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

/** How a lock names its holder. */
const HOLDER = / \(pid (?<pid>\d+)\)$/;

/** Returns the error for a VM at which another command is at work, or the clone that a killed command has left. */
export function vmBusy({ processes }: Pick<App, 'processes'>, vm: string, heldBy: string): RustaError {
  const holder = heldBy || 'another rusta';
  const pid = HOLDER.exec(heldBy)?.groups?.['pid'];
  if (pid !== undefined && !processes.isAlive(Number(pid))) {
    return new RustaError('busy', `VM '${vm}' is busy: '${holder}' was killed, and the 'tart clone' that it had begun still runs`, {
      hint: "Wait for that to end, then try again: 'pgrep -lf tart.clone' shows it.",
    });
  }
  return new RustaError('busy', `VM '${vm}' is busy: '${holder}' is at work on it`, { hint: 'Wait for it to end, then try again.' });
}

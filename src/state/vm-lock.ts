import { dirname } from 'node:path';
import { RustaError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { acquireLock, type Lock } from '../system/files/lock.ts';
import { ensurePrivateFolder } from '../system/files/private-files.ts';
import type { Interrupt } from '../system/interrupt.ts';
import type { Paths } from './paths.ts';

/** One lock for each VM name without regard to case, held while rusta makes, starts or removes that VM. */
export interface VmLocks {
  /** Throws RustaError naming the holder when it stays taken for `waitMs`. `purpose` is the command, e.g. `rusta create lab`. */
  acquire(vm: string, purpose: string, waitMs: number): Promise<Lock>;
}

export function createVmLocks(paths: Pick<Paths, 'vmLock' | 'state'>, clock: Clock, interrupt: Interrupt): VmLocks {
  return {
    async acquire(vm, purpose, waitMs) {
      const file = paths.vmLock(vm);
      ensurePrivateFolder(dirname(paths.state));
      const result = await acquireLock(file, clock, { purpose, waitMs, signal: interrupt.signal });
      if ('lock' in result) return result.lock;
      const holder = result.heldBy || 'another rusta';
      throw new RustaError('busy', `VM '${vm}' is busy: '${holder}' is at work on it`, { hint: 'Wait for it to end, then try again.' });
    },
  };
}

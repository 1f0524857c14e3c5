import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { FLOCK_EXCLUSIVE, FLOCK_NO_WAIT, flock, posixLock, posixLockOwner } from '../../standin/libc.ts';

/** Waits, deaf to everything, as Tart does. Freed by close() or by the process's end. */
export function holdFlock(path: string, onWait: () => void = () => {}): { release(): void } {
  const fd = openSync(path, 'r');
  if (!flock(fd, FLOCK_EXCLUSIVE | FLOCK_NO_WAIT)) {
    onWait();
    flock(fd, FLOCK_EXCLUSIVE);
  }
  return { release: () => closeSync(fd) };
}

/** Pid of the process that holds config.json: the only meaning of "running". 0 if none. */
export function lockOwner(folder: string): number {
  const fd = openSync(join(folder, 'config.json'), 'r');
  try {
    return posixLockOwner(fd);
  } finally {
    closeSync(fd);
  }
}

/** Takes the lock for life: this process must never again open and close config.json, which would drop it. */
export function takeVmLock(folder: string): boolean {
  return posixLock(openSync(join(folder, 'config.json'), 'r+'));
}

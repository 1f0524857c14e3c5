import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from './clock.ts';
import { attempt, errorCode } from './errno.ts';
import { ensureFolder } from './files.ts';
import { type Libc, loadLibc } from './libc.ts';

// flock(2): the kernel drops it when its holder dies, so no lock is ever stale. Same numbers on macOS and Linux.
const LOCK_EX = 2;
const LOCK_NB = 4;

export interface Lock extends Disposable {
  /** Someone else held it first: what was read before may be old. */
  readonly waited: boolean;
  /** Removes the lock file as well; for what will not be locked again. */
  discard(): void;
}

export interface LockOptions {
  /** Who we are, for those who find it taken. */
  readonly purpose: string;
  /** Milliseconds to keep trying. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

/** The lock, or who holds it (`purpose` and pid, may be empty) when it stayed taken for `waitMs`. */
export type LockResult = { readonly lock: Lock } | { readonly heldBy: string };

export async function acquireLock(path: string, clock: Clock, options: LockOptions): Promise<LockResult> {
  ensureFolder(dirname(path));
  const deadline = clock.now() + options.waitMs;
  const libc = loadLibc();
  for (let attempt = 0; ; attempt += 1) {
    const fd = tryLock(path, libc);
    if (fd !== undefined) {
      note(fd, `${options.purpose} (pid ${process.pid})\n`);
      return { lock: held(path, fd, attempt > 0) };
    }
    if (clock.now() >= deadline) return { heldBy: holder(path) };
    await clock.sleep(Math.min(5 * 2 ** attempt, 50), options.signal);
  }
}

function tryLock(path: string, libc: Libc): number | undefined {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  const fd = attempt(path, 'written', () => openSync(path, flags, 0o600));
  // The file may have been discarded by its last holder between our open and our lock.
  if (libc.flock(fd, LOCK_EX | LOCK_NB) === 0 && isStill(path, fd)) return fd;
  closeSync(fd);
  return undefined;
}

/** For those who find it taken. On a full disk there is no room for it, but a lock: `delete` must work then. */
function note(fd: number, text: string): void {
  try {
    ftruncateSync(fd, 0);
    writeSync(fd, text, 0);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

function held(path: string, fd: number, waited: boolean): Lock {
  let open = true;
  const release = () => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    waited,
    [Symbol.dispose]: release,
    discard() {
      if (open) unlinkSync(path);
      release();
    },
  };
}

function holder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
}

function isStill(path: string, fd: number): boolean {
  try {
    return statSync(path).ino === fstatSync(fd).ino;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

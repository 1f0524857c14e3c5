import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { RustaError } from '../../errors.ts';
import type { Clock } from '../clock.ts';
import { attempt, errorCode, NOT_A_FILE } from '../errno.ts';
import { errnoName } from '../errno-name.ts';
import { type Libc, loadLibc } from '../libc.ts';
import { setMode } from './modes.ts';
import { ensurePrivateFolder } from './private-files.ts';

// flock(2): the kernel drops it when its holder dies, so no lock is ever stale. Same numbers on macOS and Linux.
const LOCK_EX = 2;
const LOCK_NB = 4;

/** Milliseconds for which a holder without a name is asked again. */
const UNNAMED_MS = 100;

export interface Lock extends Disposable {
  /** Someone else held it first: what was read before may be old. */
  readonly waited: boolean;
  /** A program that gets this descriptor holds the lock until it ends, even if rusta is killed before. */
  readonly fd: number;
  /** Releases the lock, which others get once no program holds its descriptor either. The file stays for the next holder. */
  release(): void;
  /** Releases it and removes the file, for a name that will not be locked again. */
  discard(): void;
}

export interface LockOptions {
  /** The command that holds it, for others that find it taken. */
  readonly purpose: string;
  /** Milliseconds to keep trying. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

/** The lock; or its holder (`purpose` and pid, may be empty) if it stayed taken for `waitMs`. */
export type LockResult = { readonly lock: Lock } | { readonly heldBy: string };

/**
 * Acquires a lock, or returns its holder when the time is over. Throws RustaError at once if the file cannot be made, or its file system
 * has no locks.
 */
export async function acquireLock(path: string, clock: Clock, options: LockOptions): Promise<LockResult> {
  ensurePrivateFolder(dirname(path));
  const deadline = clock.now() + options.waitMs;
  const libc = loadLibc();
  for (let attempt = 0; ; attempt += 1) {
    const fd = tryLock(path, libc);
    if (fd !== undefined) {
      setMode(fd, 0o600);
      note(fd, `${options.purpose} (pid ${process.pid})\n`);
      return { lock: held(path, fd, attempt > 0) };
    }
    const heldBy = holder(path);
    // The file is empty for a moment: its holder has not written its name yet, or has just released it.
    const grace = heldBy === '' ? UNNAMED_MS : 0;
    if (clock.now() >= deadline + grace) return { heldBy };
    await clock.sleep(Math.min(5 * 2 ** attempt, 50), options.signal);
  }
}

/** Refuses pipes, which would block, and devices. */
function openPlain(path: string): number {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  if (fstatSync(fd).isFile()) return fd;
  closeSync(fd);
  throw Object.assign(new Error(`${path} is not a file`), { code: NOT_A_FILE, syscall: 'open' });
}

/**
 * Locks a file and returns its descriptor; undefined if another process holds the lock. Throws RustaError for a folder in which nothing
 * can be locked.
 */
function tryLock(path: string, libc: Libc): number | undefined {
  const fd = attempt(path, 'written', () => openPlain(path));
  const isLocked = libc.flock(fd, LOCK_EX | LOCK_NB) === 0;
  const refusal = isLocked ? undefined : errnoName(libc.errno());
  // The file may have been discarded by its last holder between our open and our lock.
  if (isLocked && isStill(path, fd)) return fd;
  closeSync(fd);
  if (refusal === undefined || TAKEN.has(refusal)) return undefined;
  throw new RustaError('file_failed', `${dirname(path)} does not support locks (${refusal})`, {
    hint: 'rusta keeps its records there and locks them against other runs. Put that folder on a disk of this Mac.',
  });
}

/** Errors of flock when another process holds the lock, or a signal came first. */
const TAKEN: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

/** Writes the holder's name, if it can: on a full disk that fails, but locking must work, or `delete` could not free space. */
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
    if (!open) return;
    open = false;
    // The next holder must not be taken for us before it has written its name.
    ftruncateSync(fd, 0);
    closeSync(fd);
  };
  return {
    waited,
    fd,
    release,
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

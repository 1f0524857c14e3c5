import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attempt, errorCode } from '../errno.ts';
import { linkTarget } from './broken-link.ts';
import { ensureFolder } from './files.ts';
import { removeStaleTempFiles } from './leftovers.ts';
import { setMode } from './modes.ts';

// All here throw FileError where the system refuses.

/**
 * Replaces a file as a whole or not at all: temporary file beside it, fsync, rename. Makes its folder (0700) if need be.
 * A symlink stays a symlink, its target is replaced.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode: number): void {
  ensureFolder(dirname(path));
  replaceFileAtomic(resolveLink(path), content, mode);
}

/** Replaces a file in the same way, but a symlink itself instead of its target. */
export function replaceFileAtomic(path: string, content: string | Uint8Array, mode: number): void {
  removeStaleTempFiles(path);
  attempt(path, 'written', () => replace(path, content, mode));
}

/** Returns a name beside a file that nobody can guess and that `removeStaleTempFiles` recognizes. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${crypto.randomUUID().slice(0, 8)}.tmp`);
}

function replace(target: string, content: string | Uint8Array, mode: number): void {
  const temporary = temporaryName(target);
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode);
  try {
    try {
      setMode(fd, mode);
      writeFileSync(fd, content);
      sync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncFolder(dirname(target));
}

/** Returns why a file or folder could not be made, with the folders above it, or replaced, as an errno name; undefined if it could. */
export function whyNotReplaceable(path: string): string | undefined {
  let folder = dirname(resolveLink(path));
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code;
  }
}

/** Returns what a link leads to, even if nothing is there yet. */
function resolveLink(path: string): string {
  return existsSync(path) ? realpathSync(path) : (linkTarget(path) ?? path);
}

/** Makes the new name survive a power cut, where the file system can: network shares refuse, though the file is in place. */
function syncFolder(path: string): void {
  try {
    const fd = openSync(path, constants.O_RDONLY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** Writes the content to the disk, and throws if that fails, but not if the file system has no such call. */
function sync(fd: number): void {
  try {
    fsyncSync(fd);
  } catch (error) {
    if (!HAS_NO_SYNC.has(errorCode(error) ?? '')) throw error;
  }
}

const HAS_NO_SYNC: ReadonlySet<string> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

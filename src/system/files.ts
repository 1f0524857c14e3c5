import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { attempt, errorCode } from './errno.ts';

// All here throw FileError where the system refuses.

/** Content, undefined where there is no such file. */
export function readIfExists(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | undefined {
  return attempt(path, 'read', () => {
    try {
      return readFileSync(path, encoding);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/** Creates the folder and its parents, private to the user (0700). */
export function ensureFolder(path: string): void {
  attempt(path, 'made', () => mkdirSync(path, { recursive: true, mode: 0o700 }));
}

/**
 * Replaces a file as a whole or not at all: temporary file beside it, fsync, rename. Makes its folder (0700) if need be.
 * A symlink stays a symlink, its target is replaced.
 */
export function writeWhole(path: string, content: string | Uint8Array, mode: number): void {
  ensureFolder(dirname(path));
  attempt(path, 'written', () => replace(path, content, mode));
}

function replace(path: string, content: string | Uint8Array, mode: number): void {
  const target = resolveLink(path);
  const temporary = join(dirname(target), `.${crypto.randomUUID()}.tmp`);
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, mode);
  try {
    try {
      fchmodSync(fd, mode); // the umask must not decide who reads it
      writeFileSync(fd, content);
      fsyncSync(fd);
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

/** Removes a file; true if there was one. A folder in its place is none, and stays. */
export function removeFile(path: string): boolean {
  return attempt(path, 'removed', () => {
    try {
      unlinkSync(path);
      return true;
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT' || code === 'ENOTDIR' || isFolder(path)) return false;
      throw error;
    }
  });
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Opens a file of ours for writing from its start, 0600, refusing a link planted in its place. */
export function openFresh(path: string): number {
  ensureFolder(dirname(path));
  removeFile(path);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW;
  return attempt(path, 'written', () => openSync(path, flags, 0o600));
}

export function closeFile(fd: number): void {
  closeSync(fd);
}

/** What a link leads to, also where that is not there yet. */
function resolveLink(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? resolve(dirname(path), readlinkSync(path)) : path;
}

function syncFolder(path: string): void {
  const fd = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Opens a file of the user's choice for appending (0600 if new) and returns the call that appends to it, synchronously. */
export function appendTo(path: string): (text: string) => void {
  const folder = dirname(path);
  attempt(folder, 'made', () => mkdirSync(folder, { recursive: true }));
  const fd = attempt(path, 'written', () => openSync(path, 'a', 0o600));
  return (text) => attempt(path, 'written', () => writeFileSync(fd, text));
}

/** A new folder of a name that nobody can guess, 0700. */
export function makePrivateFolder(prefix: string): string {
  return attempt(dirname(prefix), 'written', () => mkdtempSync(prefix));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Within one file system; replaces what is there. */
export function moveFile(from: string, to: string): void {
  attempt(to, 'written', () => renameSync(from, to));
}

import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { attempt, errorCode, NOT_A_FILE } from '../errno.ts';

// All here throw FileError where the system refuses.

/** Returns the content of a file; undefined if there is no such file. */
export function readIfExists(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | undefined {
  return attempt(path, 'read', () => {
    const fd = openIfExists(path);
    if (fd === undefined) return undefined;
    try {
      return readFileSync(fd, encoding);
    } finally {
      closeSync(fd);
    }
  });
}

/** Opens a file for reading; returns undefined if there is none. Refuses a pipe, because nobody may ever write to it. */
export function openIfExists(path: string): number | undefined {
  return attempt(path, 'read', () => {
    const fd = openOrNothing(path);
    if (fd === undefined || !fstatSync(fd).isFIFO()) return fd;
    closeSync(fd);
    throw Object.assign(new Error(`${path} is a pipe`), { code: NOT_A_FILE, syscall: 'open' });
  });
}

function openOrNothing(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns the text of a plain file of at most `maxBytes`; undefined for anything else. Never waits, as it would for a pipe. */
export function readSmall(path: string, maxBytes: number): string | undefined {
  try {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!fstatSync(fd).isFile()) return undefined;
      const bytes = new Uint8Array(maxBytes + 1);
      const size = readSync(fd, bytes);
      return size > maxBytes ? undefined : new TextDecoder().decode(bytes.subarray(0, size));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** Returns what tells a file from another one that took its place; undefined if there is none. Never throws. */
export function fileMark(path: string): { readonly inode: number; readonly changedMs: number } | undefined {
  try {
    const { ino, mtimeMs } = statSync(path);
    return { inode: ino, changedMs: mtimeMs };
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

export function pathExists(path: string): boolean {
  return existsSync(path);
}

/** Creates the folder and its parents, private to the user (0700). */
export function ensureFolder(path: string): void {
  attempt(path, 'made', () => mkdirSync(path, { recursive: true, mode: 0o700 }));
}

/** Removes a file and returns true if there was one. A folder stays, and counts as none. */
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

export function closeFile(fd: number): void {
  closeSync(fd);
}

/** Opens a file that the user chose for appending (0600 if new), and returns a function that appends to it synchronously. */
export function appendTo(path: string): (text: string) => void {
  const folder = dirname(path);
  attempt(folder, 'made', () => mkdirSync(folder, { recursive: true }));
  const fd = attempt(path, 'written', () => openSync(path, 'a', 0o600));
  return (text) => attempt(path, 'written', () => writeFileSync(fd, text));
}

/** Makes a new folder `<prefix><pid>-XXXXXX` (0700), whose name nobody can guess, and returns its path. */
export function makePrivateFolder(prefix: string): string {
  return attempt(dirname(prefix), 'written', () => mkdtempSync(`${prefix}${process.pid}-`));
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Moves a file within one file system, and replaces what is at its new place. */
export function moveFile(from: string, to: string): void {
  attempt(to, 'written', () => renameSync(from, to));
}

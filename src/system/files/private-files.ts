import { constants, linkSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt, errorCode } from '../errno.ts';
import { replaceFileAtomic, temporaryName } from './atomic.ts';
import { closeFile, ensureFolder, removeFile } from './files.ts';
import { removeStaleTempFiles } from './leftovers.ts';
import { restrictMode } from './modes.ts';

/** Creates a folder of ours and its parents (0700), or makes it private again. */
export function ensurePrivateFolder(path: string): void {
  ensureFolder(path);
  restrictMode(path, 0o700);
}

/** Replaces a file of ours (0600, its folder 0700) as a whole. A link in its place is replaced, not followed. Throws FileError. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  ensurePrivateFolder(dirname(path));
  replaceFileAtomic(path, content, 0o600);
}

/** Opens a file of ours (0600) for writing from its start; a link or pipe in its place is replaced. Throws FileError. */
export function createPrivateFile(path: string): number {
  ensurePrivateFolder(dirname(path));
  removeFile(path);
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW;
  return attempt(path, 'written', () => openSync(path, flags, 0o600));
}

/**
 * Creates an empty file of ours (0600) beside `path`, whose name nobody can guess, and returns its path. Removes those of makers that
 * were killed. Throws FileError.
 */
export function createPrivateTempFile(path: string): string {
  ensurePrivateFolder(dirname(path));
  removeStaleTempFiles(path);
  const temporary = temporaryName(path);
  closeFile(createPrivateFile(temporary));
  return temporary;
}

/** Creates an empty file of ours, and returns a function that appends to it synchronously. Throws FileError. */
export function appendToNewPrivateFile(path: string): (text: string) => void {
  const fd = createPrivateFile(path);
  return (text) => attempt(path, 'written', () => writeFileSync(fd, text));
}

/** Writes a file of ours (0600) that does not exist yet, whole or not at all. Returns false if something is in its place. Throws FileError. */
export function createOnce(path: string, content: string): boolean {
  ensurePrivateFolder(dirname(path));
  const whole = temporaryName(path);
  return attempt(path, 'written', () => {
    try {
      writeFileSync(whole, content, { mode: 0o600, flag: 'wx' });
      linkSync(whole, path);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(whole, { force: true });
    }
  });
}

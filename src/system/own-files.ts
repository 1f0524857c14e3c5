import { chmodSync, constants, openSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RustaError } from '../errors.ts';
import { ensureFolder, errorCode, removeFile, replaceFile } from './files.ts';

/** Creates a folder of ours and its parents (0700), or makes it private again. */
export function ensureOwnFolder(path: string): void {
  ensureFolder(path);
  tighten(path, 0o700);
}

/** Takes away the rights beyond `mode`; true if there were any. */
export function tighten(path: string, mode: number): boolean {
  const now = statSync(path).mode & 0o777;
  if ((now & ~mode) === 0) return false;
  chmodSync(path, now & mode);
  return true;
}

/** What a user reads when the system refuses a file of ours, mostly since something else stands in its place. */
export function unusable(path: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  return new RustaError(`${path} cannot be used: ${code}`, { hint: 'Move away what stands in its place, then try again.', cause: error });
}

/** Replaces a file of ours (0600, its folder 0700) as a whole: a link in its place goes, and is not followed. Throws RustaError. */
export function writeOwn(path: string, content: string): void {
  try {
    ensureOwnFolder(dirname(path));
    replaceFile(path, content, 0o600);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** Opens a file of ours (0600) for writing from its start; a link or pipe in its place is replaced. Throws RustaError. */
export function openFresh(path: string): number {
  try {
    ensureOwnFolder(dirname(path));
    removeFile(path);
    return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    throw unusable(path, error);
  }
}

/** The call that appends to a fresh file of ours, synchronously. Throws RustaError. */
export function appendFresh(path: string): (text: string) => void {
  const fd = openFresh(path);
  return (text) => writeFileSync(fd, text);
}

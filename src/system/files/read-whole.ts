import { readFileSync } from 'node:fs';
import { attempt } from '../errno.ts';

/** Means standard input where a file is asked for. */
export const STDIN = '-';

/** Returns the bytes of a file that the user named, which may be a pipe, or of standard input. Throws FileError. */
export function readWhole(path: string): Uint8Array {
  return attempt(path === STDIN ? 'standard input' : path, 'read', () => readFileSync(path === STDIN ? 0 : path));
}

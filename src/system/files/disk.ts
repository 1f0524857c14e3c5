import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Bytes that the user may still write where this path is or will be; undefined where the system does not tell. */
export function freeBytes(path: string): number | undefined {
  let existing = path;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    const { bavail, bsize } = statfsSync(existing);
    return bavail * bsize;
  } catch {
    return undefined; // odd file systems: no reason to refuse anything
  }
}

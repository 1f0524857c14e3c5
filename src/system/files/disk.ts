import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';

/** Returns the bytes that the user may still write where this path is or will be; undefined if the system does not tell. */
export function freeBytes(path: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(nearestExisting(path));
    return bavail * bsize;
  } catch {
    return undefined; // odd file systems: no reason to refuse anything
  }
}

/** Returns the path, or the nearest folder above it that exists. */
export function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

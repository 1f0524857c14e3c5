import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt, errorCode, saysAbsent } from '../errno.ts';

/** The place of a folder, however its path was spelled: through links, with capitals, by another way. */
export interface FolderPlace {
  /** The path without links. */
  readonly path: string;
  /** Its identity among all folders, followed by that of each folder that it is in, up to `/`. */
  readonly identities: readonly [string, ...string[]];
}

/** Returns the place of a folder; undefined if there is no such folder. Throws FileError. */
export function placeOf(path: string): FolderPlace | undefined {
  try {
    return attempt(path, 'read', () => {
      const real = realpathSync.native(path);
      return statSync(real).isDirectory() ? { path: real, identities: [identityOf(real), ...identitiesAbove(real)] } : undefined;
    });
  } catch (error) {
    if (saysAbsent(error) || errorCode(error) === 'ELOOP') return undefined;
    throw error;
  }
}

function identitiesAbove(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [identityOf(parent), ...identitiesAbove(parent)];
}

function identityOf(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}

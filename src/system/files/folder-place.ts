import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../errno.ts';

/** The place of a folder, however its path was spelled: through links, with capitals, by another way. */
export interface FolderPlace {
  /** The path without links. */
  readonly path: string;
  /** Its identity among all folders, followed by that of each folder that it is in, up to `/`. */
  readonly identities: readonly [string, ...string[]];
}

/** Returns the place of a folder; undefined if there is no such folder. */
export function placeOf(path: string): FolderPlace | undefined {
  try {
    const real = realpathSync.native(path);
    if (!statSync(real).isDirectory()) return undefined;
    return { path: real, identities: [identityOf(real), ...identitiesAbove(real)] };
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return undefined;
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

import { accessSync, constants, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, errorCode } from '../errno.ts';

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  /** Links are followed: what counts is what a reader finds. */
  readonly kind: 'file' | 'unreadable' | 'other';
}

/** What a folder holds, sorted by name; undefined if there is no such folder. Throws FileError. */
export function listFolder(path: string): FolderEntry[] | undefined {
  return attempt(path, 'read', () => {
    try {
      return readdirSync(path)
        .sort()
        .map((name) => ({ name, path: join(path, name), kind: kindOf(join(path, name)) }));
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  });
}

function kindOf(path: string): FolderEntry['kind'] {
  try {
    if (!statSync(path).isFile()) return 'other';
    accessSync(path, constants.R_OK);
    return 'file';
  } catch {
    return 'unreadable'; // a link to nowhere, or no right to read it: the caller says so
  }
}

/** Where all links of a path lead, undefined where that is nowhere. Throws FileError. */
export function realPath(path: string): string | undefined {
  return attempt(path, 'read', () => {
    try {
      return realpathSync(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw error;
    }
  });
}

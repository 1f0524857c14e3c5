import { accessSync, constants, existsSync, lstatSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attempt, saysAbsent } from '../errno.ts';
import { linkTarget } from './broken-link.ts';

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  /** The kind of what a reader finds there: links are followed. */
  readonly kind: 'file' | 'unreadable' | 'other';
}

/** Returns what a folder holds, sorted by name; undefined if there is no such folder. Throws FileError. */
export function listFolder(path: string): FolderEntry[] | undefined {
  return unlessAbsent(path, () =>
    readdirSync(path)
      .sort()
      .map((name) => ({ name, path: join(path, name), kind: kindOf(join(path, name)) })),
  );
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

/**
 * Returns the one path of a place, with links followed as far as they lead anywhere. What does not exist, such as a folder on a disk that
 * is not mounted, keeps the path that it will have.
 */
export function canonicalPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    if (parent === path) return path;
    const target = linkTarget(path);
    return target === undefined ? join(canonicalPath(parent), basename(path)) : canonicalPath(target);
  }
}

/** Returns the number of a folder, and when it was made in milliseconds since 1970; undefined if there is no folder. Throws FileError. */
export function folderIdentity(path: string): { readonly inode: string; readonly born: number } | undefined {
  const found = unlessAbsent(path, () => statSync(path, { bigint: true }));
  return found?.isDirectory() === true ? { inode: String(found.ino), born: Number(found.birthtimeMs) } : undefined;
}

/** Returns the milliseconds since a file, a folder or a link itself was written; undefined if there is nothing. Throws FileError. */
export function ageOf(path: string): number | undefined {
  const found = unlessAbsent(path, () => lstatSync(path));
  return found === undefined ? undefined : Date.now() - found.mtimeMs;
}

/** Returns the bytes that a file seems to have; undefined if there is none. Throws FileError. */
export function sizeOf(path: string): number | undefined {
  return unlessAbsent(path, () => statSync(path))?.size;
}

/** Returns what `look` finds at a path; undefined if nothing is there. */
function unlessAbsent<T>(path: string, look: () => T): T | undefined {
  return attempt(path, 'read', () => {
    try {
      return look();
    } catch (error) {
      if (saysAbsent(error)) return undefined;
      throw error;
    }
  });
}

/** Removes a folder with all its content, but of a link only the link. Throws FileError. */
export function removeTree(path: string): void {
  attempt(path, 'removed', () => rmSync(path, { recursive: true }));
}

/** Returns the folders below this one that hold a file of that name, down to a depth. Does not follow links. */
export function foldersWith(name: string, folder: string, depth: number): string[] {
  if (existsSync(join(folder, name))) return [folder];
  if (depth === 0 || !existsSync(folder)) return [];
  return attempt(folder, 'read', () => readdirSync(folder, { withFileTypes: true })).flatMap((entry) =>
    entry.isDirectory() ? foldersWith(name, join(folder, entry.name), depth - 1) : [],
  );
}

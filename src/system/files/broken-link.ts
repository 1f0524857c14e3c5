import { existsSync, readlinkSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface BrokenLink {
  readonly link: string;
  readonly target: string;
}

/**
 * Where a link leads that stands in the way to a path and leads nowhere, undefined if there is none: what it should lead to
 * may be on a disk that is not mounted, and is not missing then.
 */
export function brokenLink(path: string): BrokenLink | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : brokenLink(parent);
  if (above !== undefined) return above;
  const target = linkTarget(path);
  return target === undefined || existsSync(path) ? undefined : { link: path, target };
}

/** undefined for what is not a link. */
export function linkTarget(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return undefined; // not a link, or not there
  }
}

import { readlinkSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface BrokenLink {
  readonly link: string;
  readonly target: string;
}

/**
 * Returns the link on the way to a path that leads nowhere, with its target; undefined if there is none. What lies behind such a link may
 * be on a disk that is not mounted, and is not missing then.
 */
export function brokenLink(path: string): BrokenLink | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : brokenLink(parent);
  if (above !== undefined) return above;
  const target = linkTarget(path);
  return target === undefined || !leadsNowhere(path) ? undefined : { link: path, target };
}

/** Not so for a link that leads back to itself: no disk would mend it. */
function leadsNowhere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

/** Returns the target of a link; undefined if the path is not a link. */
export function linkTarget(path: string): string | undefined {
  try {
    return resolve(dirname(path), readlinkSync(path));
  } catch {
    return undefined; // not a link, or not there
  }
}

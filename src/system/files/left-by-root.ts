import { lstatSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** Returns the outermost part of a path that belongs to root in a folder of the user: a program run with sudo left it. */
export function findLeftByRoot(path: string): string | undefined {
  const uid = process.getuid?.();
  if (uid === undefined || uid === 0) return undefined;
  let found: string | undefined;
  for (let at = path; at !== dirname(at); at = dirname(at)) {
    const owner = statOf(at)?.uid;
    if (owner === uid) return found;
    found = owner === 0 ? at : undefined;
  }
  return undefined;
}

/** Tells whether rusta runs as root in the home of another user: on a Mac, sudo keeps HOME. */
export function isRootAtHomeOf(home: string): boolean {
  const owner = statOf(home)?.uid;
  return process.getuid?.() === 0 && owner !== undefined && owner !== 0;
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // a folder on the way may not be searched: it is not what root left
  }
}

import { resolve } from 'node:path';
import { canonicalPath } from './files/folders.ts';

/**
 * Returns the absolute path by which rusta was called: a link of Homebrew outlives an upgrade, the folder of a version does not. Returns
 * the path of the file itself if the caller gave another name.
 */
export function ownPath(path: string): string {
  const called = process.argv0;
  const found = called.includes('/') ? resolve(called) : Bun.which(called, { PATH: path });
  return found !== null && canonicalPath(found) === canonicalPath(process.execPath) ? found : process.execPath;
}

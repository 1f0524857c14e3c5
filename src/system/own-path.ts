import { resolve } from 'node:path';
import { canonicalPath } from './files/folders.ts';

/**
 * Returns the path by which rusta was called, absolute: Homebrew's link stays where the folder of a version goes at an upgrade. The file itself
 * where the caller says something else.
 */
export function ownPath(path: string): string {
  const called = process.argv0;
  const found = called.includes('/') ? resolve(called) : Bun.which(called, { PATH: path });
  return found !== null && canonicalPath(found) === canonicalPath(process.execPath) ? found : process.execPath;
}

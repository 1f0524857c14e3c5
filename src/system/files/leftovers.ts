import { lstatSync, readdirSync, rmSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Removes the temporary files of writers of this file that were killed. Never throws. */
export function removeStaleTempFiles(path: string): void {
  sweep(dirname(path), `.${basename(path)}.`, /^(\d+)\.[0-9a-f]+\.tmp$/, (found) => found.isFile());
}

/** Removes private folders `<prefix><pid>-XXXXXX` whose makers were killed. Never throws. */
export function removeStaleFolders(prefix: string): void {
  const isPrivate = ({ mode }: Stats) => (mode & 0o777) === 0o700;
  sweep(dirname(prefix), basename(prefix), /^(\d+)-\w{6}$/, (found) => found.isDirectory() && isPrivate(found));
}

/** Removes matching entries, but no links, nothing of other users, and nothing of processes that are alive. */
function sweep(folder: string, prefix: string, rest: RegExp, isOfKind: (found: Stats) => boolean): void {
  try {
    for (const name of readdirSync(folder)) {
      const pid = name.startsWith(prefix) ? rest.exec(name.slice(prefix.length))?.[1] : undefined;
      if (pid === undefined || !isGone(Number(pid))) continue;
      const found = lstatSync(join(folder, name));
      if (found.uid === process.getuid?.() && isOfKind(found)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // A failure to tidy up must not stop the work.
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

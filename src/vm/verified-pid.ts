import { join } from 'node:path';
import type { App } from '../app.ts';
import { isSameFolder } from '../state/mark.ts';

type PidContext = Pick<App, 'pids' | 'tartProcesses' | 'tartFiles'>;

/**
 * Returns the pid on file if that process still is this VM's `tart run`. Removes a file that surely is stale, and signals nobody (D5). A
 * pid by an older version proves only the VM's name, so it counts only if `tart list` says that the VM runs, `isRunning`. A process holds
 * a folder and not a name: it does not run a copy that was put back under the name (D28).
 */
export async function verifiedPid(app: PidContext, vm: string, isRunning = true): Promise<number | undefined> {
  const pid = app.pids.read(vm) ?? (await announcedPid(app, vm));
  const isItsRun = pid !== undefined && (await app.tartProcesses.isRunOf(vm, pid));
  // A boot that has no pid yet is not stale: only `--resume` can tell what has become of it.
  if (isItsRun === false && app.pids.announced(vm) === undefined) app.pids.remove(vm, pid);
  if (isItsRun !== true || pid === undefined) return undefined;
  const { mark } = app.pids.boot(vm, pid) ?? {};
  if (mark === undefined) return isRunning ? pid : undefined;
  const now = app.tartFiles.mark(vm);
  return now === undefined || isSameFolder(mark, now) ? pid : undefined;
}

/** Finds the process of a boot whose rusta was killed before it knew the pid, and records that. Throws RustaError if it cannot be written. */
async function announcedPid(app: PidContext, vm: string): Promise<number | undefined> {
  const boot = app.pids.announced(vm);
  if (boot?.mark === undefined) return undefined;
  const folder = app.tartFiles.look(vm);
  if (folder === undefined || !isSameFolder(boot.mark, folder.mark)) return undefined;
  const pid = await app.tartProcesses.findRunOf(vm, join(folder.path, 'config.json'));
  // The rusta that began it may be alive, and have written more by now.
  if (pid !== undefined && app.pids.announced(vm) !== undefined) app.pids.write(vm, pid, boot);
  return pid;
}

/** Returns the process of a VM that is gone, whose name another VM has by now: once its pid is overwritten, nobody finds it again. */
export async function orphanPid(app: PidContext, vm: string): Promise<number | undefined> {
  const pid = app.pids.read(vm);
  const now = app.tartFiles.mark(vm);
  const mark = pid === undefined ? undefined : app.pids.boot(vm, pid)?.mark;
  if (pid === undefined || mark === undefined || now === undefined || isSameFolder(mark, now)) return undefined;
  const isElsewhere = app.tartFiles.names().some((name) => {
    const other = app.tartFiles.mark(name);
    return other !== undefined && isSameFolder(mark, other);
  });
  return isElsewhere || !(await app.tartProcesses.isRunOf(vm, pid)) ? undefined : pid;
}

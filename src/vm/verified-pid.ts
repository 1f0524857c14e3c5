import type { App } from '../app.ts';

/**
 * Returns the pid on file if that process still is this VM's `tart run`. A file that surely is stale is removed, and
 * nobody is signalled (D5).
 */
export async function verifiedPid(app: Pick<App, 'pids' | 'tartProcesses'>, vm: string): Promise<number | undefined> {
  const pid = app.pids.read(vm);
  const isItsRun = pid !== undefined && (await app.tartProcesses.isRunOf(vm, pid));
  if (isItsRun === false) app.pids.remove(vm, pid);
  return isItsRun ? pid : undefined;
}

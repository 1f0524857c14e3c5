import type { App } from '../app.ts';
import { isTartRunOf } from '../tools/tart-process.ts';

/** The pid on file if it still is this VM's `tart run`; a file that surely is stale is removed and nobody is signalled (design D5). */
export async function trackedPid(app: Pick<App, 'pids' | 'runner' | 'processes'>, vm: string): Promise<number | undefined> {
  const pid = app.pids.read(vm);
  const isIt = pid !== undefined && (await isTartRunOf(vm, pid, app.runner, app.processes));
  if (isIt === false) app.pids.remove(vm, pid);
  return isIt ? pid : undefined;
}

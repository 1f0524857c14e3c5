import type { App } from '../app.ts';
import { removeFile } from '../system/files/files.ts';
import { removeStaleTempFiles } from '../system/files/leftovers.ts';

/** Removes all that rusta keeps about a VM: its record, pid, logs and script. Throws RustaError. */
export async function forgetVm(app: Pick<App, 'store' | 'pids' | 'paths'>, vm: string): Promise<void> {
  app.pids.remove(vm, app.pids.read(vm));
  for (const path of [
    app.paths.address(vm),
    app.paths.runLog(vm),
    app.paths.provisionScript(vm),
    app.paths.userScript(vm),
    app.paths.provisionLog(vm),
  ])
    removeFile(path);
  for (const path of [app.paths.pid(vm), app.paths.address(vm), app.paths.provisionScript(vm), app.paths.userScript(vm)])
    removeStaleTempFiles(path);
  await app.store.update((edit) => edit.removeVm(vm));
}

import type { App } from '../app.ts';
import { findVm } from '../vm/resolve.ts';

/** Records how `up` boots the VM (spec 4.1). Throws RustaError (exit 2) for a VM that does not exist. */
export async function setGui(app: Pick<App, 'tart' | 'store' | 'out'>, name: string, gui: boolean): Promise<void> {
  const vm = findVm(await app.tart.list(), name);
  const how = gui ? 'with a window' : 'headless';
  if ((app.store.read().vms.get(name)?.gui ?? false) === gui) {
    app.out.skip(`VM '${name}' boots ${how} already`);
    return;
  }
  await app.store.update((edit) => edit.setVm(name, { gui }));
  app.out.ok(`VM '${name}' boots ${how} from now on`);
  if (vm.status === 'running') app.out.notice(`It is running: that begins with its next start, 'rusta down ${name} && rusta up ${name}'.`);
}

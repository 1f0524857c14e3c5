import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { asWord } from '../text/shell.ts';
import type { MissingContext } from './missing.ts';
import { findListed } from './resolve.ts';

/** Records how `up` boots the VM (spec 4.1), even if it would boot so anyway. Throws RustaError for a VM that does not exist. */
export async function chooseWindow(app: MissingContext & Pick<App, 'out'>, name: string, window: boolean): Promise<ResultOf<'set-gui'>> {
  const vm = await findListed(app, await app.tart.list(), name);
  const how = window ? 'with a window' : 'headless';
  const chosen = app.store.read().vms.get(name)?.window;
  if (chosen !== window) await app.store.update((edit) => edit.setVm(name, { window }));
  if ((chosen ?? false) === window) {
    app.out.skip(`VM '${name}' boots ${how} already`);
    return { vm: name, gui: window, changed: false };
  }
  app.out.ok(`VM '${name}' boots ${how} from now on`);
  if (vm.status === 'running') app.out.note(`It runs as it was started until 'rusta restart ${asWord(name)}'.`);
  return { vm: name, gui: window, changed: true };
}

import type { App } from '../../app.ts';
import { findVm } from '../../vm/resolve.ts';
import { command } from '../shared/command.ts';
import { oneOf, requiredVm } from '../shared/kinds.ts';

export default command({
  args: {
    vm: requiredVm,
    state: {
      type: 'positional',
      required: true,
      ...oneOf({ on: true, off: false }),
      description: 'on: boot with a window; off: boot headless',
    },
  },
  details: "What 'rusta up' does without a flag. It installs nothing: a VM without a desktop shows its console.",
  examples: [
    ['rusta set-gui lab on', 'lab boots with a window from now on'],
    ['rusta set-gui lab off', 'lab boots headless from now on'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, state: window }, data: app }) {
    await chooseWindow(app, vm, window);
  },
});

/** Records how `up` boots the VM (spec 4.1). Throws RustaError for a VM that does not exist. */
async function chooseWindow(app: Pick<App, 'tart' | 'store' | 'out'>, name: string, window: boolean): Promise<void> {
  const vm = findVm(await app.tart.list(), name);
  const how = window ? 'with a window' : 'headless';
  if ((app.store.read().vms.get(name)?.window ?? false) === window) {
    app.out.skip(`VM '${name}' boots ${how} already`);
    return;
  }
  await app.store.update((edit) => edit.setVm(name, { window }));
  app.out.ok(`VM '${name}' boots ${how} from now on`);
  if (vm.status === 'running') app.out.notice(`It is running: that begins with its next start, 'rusta down ${name} && rusta up ${name}'.`);
}

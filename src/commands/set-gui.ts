import type { App } from '../app.ts';
import { UsageError } from '../errors.ts';
import { checkVmName } from '../vm/name.ts';
import { findVm } from '../vm/resolve.ts';
import { command } from './shared/leaf.ts';

const CHOICES = ['on', 'off'];

export const setGraphics = command({
  name: 'set-gui',
  summary: 'Choose whether a VM boots with a window',
  description: "What 'rusta up' does without a flag. It installs nothing: a VM without a desktop shows its console.",
  args: {
    vm: { type: 'positional', required: true, description: 'The VM' },
    state: { type: 'positional', required: true, description: 'on: boot with a window; off: boot headless' },
  },
  examples: [
    ['rusta set-gui lab on', 'lab boots with a window from now on'],
    ['rusta set-gui lab off', 'lab boots headless from now on'],
  ],
  needs: 'tart',
  output: 'lifecycle',
  check({ vm, state }) {
    checkVmName(vm, 'set-gui');
    if (!CHOICES.includes(state)) throw new UsageError(`set-gui accepts: ${CHOICES.join(', ')}; not '${state}'`, 'set-gui');
  },
  async run(app, { vm, state }) {
    await chooseWindow(app, vm, state === 'on');
    return undefined;
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

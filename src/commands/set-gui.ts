import { UsageError } from '../errors.ts';
import { setGui } from '../lifecycle/set-gui.ts';
import { checkVmName } from '../vm/name.ts';
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
    await setGui(app, vm, state === 'on');
    return undefined;
  },
});

import { bringUp } from '../lifecycle/up.ts';
import { command } from './shared/leaf.ts';
import { checkVmArg, VM_OR_DEFAULT } from './shared/vm-arg.ts';

export const up = command({
  name: 'up',
  summary: 'Start a VM (headless by default)',
  description:
    'Boots the VM in the background and waits for its guest agent. Without a flag it gets a window if it was created with --gui.',
  args: {
    vm: VM_OR_DEFAULT,
    graphical: { type: 'boolean', alias: ['G', 'graphics', 'gui'], description: 'Boot with a graphics window' },
    headless: { type: 'boolean', flag: 'no-gui', alias: ['no-graphics'], description: 'Boot without a window' },
  },
  conflicts: [['graphical', 'headless']],
  examples: [
    ['rusta up', 'start the default VM'],
    ['rusta up lab', 'start lab'],
    ['rusta up lab --graphical', 'start lab with a window'],
  ],
  needs: 'tart',
  output: 'lifecycle',
  check: checkVmArg('up'),
  async run(app, { vm, graphical, headless }) {
    await bringUp(app, vm, graphical ? true : headless ? false : undefined);
    return undefined;
  },
});

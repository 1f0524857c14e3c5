import { chooseWindow } from '../../vm/window.ts';
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
    app.out.result(await chooseWindow(app, vm, window));
  },
});

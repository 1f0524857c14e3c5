import { bringUp } from '../../lifecycle/up.ts';
import { command } from '../shared/command.ts';
import { optionalVm } from '../shared/kinds.ts';
import { upArgs, wantsWindow } from '../shared/life-args.ts';

export default command({
  args: { vm: optionalVm, ...upArgs },
  conflicts: [['graphical', 'noGui']],
  details: 'Boots the VM in the background and waits for its guest agent. Without a flag it gets a window if it was created with --gui.',
  examples: [
    ['rusta up', 'start the default VM'],
    ['rusta up lab', 'start lab'],
    ['rusta up lab --graphical', 'start lab with a window'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, share: shares, ...screen }, data: app }) {
    app.out.result(await bringUp(app, vm, { window: wantsWindow(screen), shares }));
  },
});

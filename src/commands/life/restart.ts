import { bringDown } from '../../lifecycle/down.ts';
import { bringUp } from '../../lifecycle/up.ts';
import { checkShares } from '../../vm/shares.ts';
import { command } from '../shared/command.ts';
import { optionalVm } from '../shared/kinds.ts';
import { downArgs, upArgs, wantsWindow } from '../shared/life-args.ts';

export default command({
  args: { vm: optionalVm, ...downArgs, ...upArgs },
  conflicts: [['graphical', 'noGui']],
  details: "The same as 'rusta down' and 'rusta up' with their flags. A VM that is off is started.",
  examples: [
    ['rusta restart', 'restart the default VM'],
    ['rusta restart lab --graphical', 'restart lab with a window'],
    ['rusta restart lab --force', 'pull the plug of lab and start it again'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, force, timeout: timeoutMs, share: shares, ...screen }, data: app }) {
    // Checked before the VM is stopped for it.
    checkShares(app, shares);
    const stopped = await bringDown(app, vm, { force, timeoutMs });
    app.out.result(await bringUp(app, stopped.vm, { window: wantsWindow(screen), shares }));
  },
});

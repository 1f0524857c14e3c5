import { bringDown } from '../../lifecycle/down.ts';
import { command } from '../shared/command.ts';
import { optionalVm } from '../shared/kinds.ts';
import { downArgs } from '../shared/life-args.ts';

export default command({
  args: { vm: optionalVm, ...downArgs },
  details: 'Asks the guest to shut down and waits until it is off.',
  examples: [
    ['rusta down', 'shut down the default VM'],
    ['rusta down lab --timeout 120', 'give lab two minutes'],
    ['rusta down lab --force', 'pull the plug of lab'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, force, timeout: timeoutMs }, data: app }) {
    app.out.result(await bringDown(app, vm, { force, timeoutMs }));
  },
});

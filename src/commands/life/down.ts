import { bringDown } from '../../lifecycle/down.ts';
import { command } from '../shared/command.ts';
import { optionalVm, seconds } from '../shared/kinds.ts';

export default command({
  args: {
    vm: optionalVm,
    force: { type: 'boolean', alias: ['f'], description: 'Cut the power instead: unsaved data in the guest is lost' },
    timeout: {
      type: 'string',
      valueHint: 'secs',
      default: '60',
      ...seconds({ min: 1, max: 86_400 }),
      description: 'Seconds to wait for the guest to stop',
    },
  },
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

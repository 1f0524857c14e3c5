import { forceOff, shutDown } from '../lifecycle/shutdown.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { command } from './shared/leaf.ts';
import { checkVmArg, VM_OR_DEFAULT } from './shared/vm-arg.ts';

export const down = command({
  name: 'down',
  summary: 'Shut a VM down gracefully',
  description: 'Asks the guest to shut down and waits until it is off.',
  args: {
    vm: VM_OR_DEFAULT,
    force: { type: 'boolean', alias: ['f'], description: 'Cut the power instead: unsaved data in the guest is lost' },
    timeout: {
      type: 'string',
      valueHint: 'secs',
      default: '60',
      integer: { min: 1, max: 86_400 },
      description: 'Seconds to wait for the guest to stop',
    },
  },
  examples: [
    ['rusta down', 'shut down the default VM'],
    ['rusta down lab --timeout 120', 'give lab two minutes'],
    ['rusta down lab --force', 'pull the plug of lab'],
  ],
  needs: 'tart',
  output: 'lifecycle',
  check: checkVmArg('down'),
  async run(app, { vm: name, force, timeout }) {
    const vm = await resolveOrAskVm(app, name);
    if (vm.status !== 'running') {
      app.out.skip(`VM '${vm.name}' is already stopped`);
      return undefined;
    }
    app.out.step(`${force ? 'Stopping' : 'Shutting down'} VM '${vm.name}'`);
    if (force) await forceOff(app, vm.name);
    else await shutDown(app, vm.name, { timeoutMs: Number(timeout) * 1_000 });
    app.out.ok(`VM '${vm.name}' is stopped`);
    return undefined;
  },
});

import { awaitAddress, requireRunning } from '../vm/address.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { WAITS } from '../vm/waits.ts';
import { command } from './shared/leaf.ts';
import { checkVmArg, VM_OR_DEFAULT } from './shared/vm-arg.ts';

export const ip = command({
  name: 'ip',
  summary: 'Print the IP address of a VM',
  description: 'Waits up to 60 seconds for the guest to have one.',
  args: { vm: VM_OR_DEFAULT },
  examples: [
    ['rusta ip lab', 'the address of lab'],
    ['curl http://$(rusta ip)/', 'only the address is on stdout'],
  ],
  needs: 'tart',
  output: 'data',
  check: checkVmArg('ip'),
  async run(app, { vm: name }) {
    const vm = await resolveOrAskVm(app, name);
    requireRunning(vm);
    app.out.data(await awaitAddress(app, vm.name, WAITS.ipQuery));
    return undefined;
  },
});

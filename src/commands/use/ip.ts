import { awaitAddress, requireRunning, resolveWithAddress } from '../../vm/address/address.ts';
import { WAITS } from '../../vm/waits/waits.ts';
import { command } from '../shared/command.ts';
import { optionalVm } from '../shared/kinds.ts';

export default command({
  args: { vm: optionalVm },
  details: 'Waits up to 60 seconds for the guest to have one.',
  examples: [
    ['rusta ip lab', 'the address of lab'],
    ['curl http://$(rusta ip)/', 'only the address is on stdout'],
  ],
  requires: 'tart',
  stdout: 'result',
  async run({ args, data: app }) {
    const { vm, firstAnswer } = await resolveWithAddress(app, args.vm);
    requireRunning(vm);
    const address = await awaitAddress(app, { vm: vm.name, wait: WAITS.ipQuery, proof: 'if in doubt', firstAnswer });
    app.out.data(address);
    app.out.result({ vm: vm.name, address });
  },
});

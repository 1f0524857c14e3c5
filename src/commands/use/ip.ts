import { awaitAddress, requireRunning } from '../../vm/address.ts';
import { resolveOrAskVm } from '../../vm/resolve.ts';
import { WAITS } from '../../vm/waits.ts';
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
    const vm = await resolveOrAskVm(app, args.vm);
    requireRunning(vm);
    app.out.data(await awaitAddress(app, vm.name, WAITS.ipQuery));
  },
});

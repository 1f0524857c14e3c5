import { currentDefault, setDefault } from '../vm/default.ts';
import { command } from './shared/leaf.ts';
import { checkVmArg } from './shared/vm-arg.ts';

export const defaultVm = command({
  name: 'default',
  summary: 'Print or set the default VM',
  description: 'The default VM is the one that commands work on when no VM is named.',
  args: {
    vm: { type: 'positional', required: false, description: 'The VM to make the default; without it, the default is printed' },
  },
  examples: [
    ['rusta default', 'print the default VM; exit code 1 if none is set'],
    ['rusta default lab', 'make lab the default VM'],
  ],
  needs: 'tart',
  output: 'data',
  check: checkVmArg('default'),
  async run(app, { vm }) {
    if (vm === undefined) {
      app.out.data(await currentDefault(app));
      return undefined;
    }
    await setDefault(app, vm);
    app.out.ok(`Default VM: ${vm}`);
    return undefined;
  },
});

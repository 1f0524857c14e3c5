import { currentDefault, setDefault } from '../../vm/default.ts';
import { command } from '../shared/command.ts';
import { optionalVm } from '../shared/kinds.ts';

export default command({
  args: { vm: { ...optionalVm, description: 'The VM to make the default; without it, the default is printed' } },
  details: 'The default VM is the one that commands work on when no VM is named.',
  examples: [
    ['rusta default', 'print the default VM; exit code 1 if none is set'],
    ['rusta default lab', 'make lab the default VM'],
  ],
  requires: 'tart',
  stdout: 'result',
  async run({ args: { vm }, data: app }) {
    if (vm === undefined) {
      const current = await currentDefault(app);
      app.out.data(current);
      app.out.result({ vm: current });
      return;
    }
    await setDefault(app, vm);
    app.out.ok(`Default VM: ${vm}`);
    app.out.result({ vm });
  },
});

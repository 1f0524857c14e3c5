import { printLogs } from '../../vm/logs.ts';
import { command } from '../shared/command.ts';
import { optionalVm } from '../shared/kinds.ts';

export default command({
  args: {
    vm: optionalVm,
    provision: { type: 'boolean', description: "What the provisioning script printed during 'create'" },
    run: { type: 'boolean', description: "What 'tart run' printed during the last boot" },
    follow: { type: 'boolean', alias: ['f'], description: 'Go on printing until the VM is off, or Ctrl-C' },
  },
  conflicts: [
    ['provision', 'run'],
    ['follow', 'json'],
  ],
  details: 'Both logs unless one is chosen. -f follows the one that grows: provisioning while it goes on, else the run.',
  examples: [
    ['rusta logs lab', 'everything that was kept of lab'],
    ['rusta logs lab --provision -f', "watch 'rusta create lab' from another terminal"],
  ],
  requires: 'tart',
  stdout: 'result',
  async run({ args: { vm, provision, run, follow }, data: app }) {
    app.out.result(await printLogs(app, vm, { only: provision ? 'provision' : run ? 'run' : undefined, follow }));
  },
});

import { printLogs } from '../vm/logs.ts';
import { command } from './shared/leaf.ts';
import { checkVmArg, VM_OR_DEFAULT } from './shared/vm-arg.ts';

export const logs = command({
  name: 'logs',
  summary: 'Print what provisioning and the last run of a VM left to read',
  description: 'Both logs unless one is chosen. -f follows the one that grows: provisioning while it goes on, else the run.',
  args: {
    vm: VM_OR_DEFAULT,
    provision: { type: 'boolean', description: "What the provisioning script printed during 'create'" },
    run: { type: 'boolean', description: "What 'tart run' printed during the last boot" },
    follow: { type: 'boolean', alias: ['f'], description: 'Go on printing until the VM is off, or Ctrl-C' },
  },
  conflicts: [['provision', 'run']],
  examples: [
    ['rusta logs lab', 'everything that was kept of lab'],
    ['rusta logs lab --provision -f', "watch 'rusta create lab' from another terminal"],
  ],
  needs: 'tart',
  output: 'data',
  check: checkVmArg('logs'),
  async run(app, { vm, provision, run, follow }) {
    await printLogs(app, vm, { only: provision ? 'provision' : run ? 'run' : undefined, follow });
    return undefined;
  },
});

import { removeVm } from '../lifecycle/remove.ts';
import { checkVmName } from '../vm/name.ts';
import { command } from './shared/leaf.ts';

export const remove = command({
  name: 'delete',
  summary: 'Delete a VM and all that belongs to it',
  description: 'Asks before it deletes. The VM must be named: there is no default for this.',
  args: {
    vm: { type: 'positional', required: true, description: 'The VM to delete' },
    yes: { type: 'boolean', alias: ['y'], description: 'Do not ask' },
    forceRunning: { type: 'boolean', description: 'Stop the VM first if it is running (cuts its power)' },
  },
  examples: [
    ['rusta delete lab', 'delete lab after a confirmation'],
    ['rusta delete lab --yes', 'delete lab without asking'],
    ['rusta delete lab --yes --force-running', 'stop and delete in one go'],
  ],
  needs: 'tart',
  output: 'lifecycle',
  check: ({ vm }) => void checkVmName(vm, 'delete'),
  async run(app, { vm, yes, forceRunning }) {
    await removeVm(app, vm, { confirmed: yes, forceRunning });
    return undefined;
  },
});

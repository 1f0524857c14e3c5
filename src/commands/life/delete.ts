import { removeVm } from '../../lifecycle/remove.ts';
import { command } from '../shared/command.ts';
import { requiredVm } from '../shared/kinds.ts';

export default command({
  args: {
    vm: { ...requiredVm, description: 'The VM to delete' },
    yes: { type: 'boolean', alias: ['y'], description: 'Do not ask' },
    forceRunning: { type: 'boolean', description: 'Stop the VM first if it is running (cuts its power)' },
  },
  details: 'Asks before it deletes. The VM must be named: there is no default for this.',
  examples: [
    ['rusta delete lab', 'delete lab after a confirmation'],
    ['rusta delete lab --yes', 'delete lab without asking'],
    ['rusta delete lab --yes --force-running', 'stop and delete in one go'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, yes, forceRunning }, data: app }) {
    app.out.result(await removeVm(app, vm, { confirmed: yes, forceRunning }));
  },
});

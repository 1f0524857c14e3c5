import { sshSetup } from '../../reach/ssh-setup.ts';
import { command } from '../shared/command.ts';
import { loginArgs, optionalVm } from '../shared/kinds.ts';

export default command({
  args: {
    vm: optionalVm,
    autoUp: { type: 'boolean', description: 'Let whoever uses the name start the VM if it is not running' },
    ...loginArgs,
  },
  details:
    'Makes an SSH alias named rusta-<vm>, with your key in the guest and its host keys pinned. It finds the VM at any address, and without one through the guest agent. Run it again at any time.',
  examples: [
    ['rusta ssh-setup lab', 'then: ssh rusta-lab, scp, rsync, git, VS Code'],
    ['rusta ssh-setup lab --auto-up', 'a VM that is off is booted for them'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, autoUp, ...login }, data: app }) {
    app.out.result(await sshSetup(app, vm, { login, autoUp }));
  },
});

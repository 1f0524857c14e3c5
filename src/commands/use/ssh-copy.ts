import { sshCopy } from '../../reach/ssh-copy.ts';
import { command } from '../shared/command.ts';
import { loginArgs, optionalVm } from '../shared/kinds.ts';

export default command({
  args: { vm: optionalVm, ...loginArgs },
  details: 'Boots the VM if it is off, and shuts it down again. authorized_keys and config in the guest are not touched.',
  examples: [
    ['rusta ssh-copy lab', 'your keys in lab, so that git and ssh work from there'],
    ['rusta ssh-copy lab --user ubuntu --password ubuntu', 'for a VM with another login'],
  ],
  requires: 'tart',
  stdout: 'report',
  async run({ args: { vm, ...login }, data: app }) {
    app.out.result(await sshCopy(app, vm, login));
  },
});

import { sshCopy } from '../reach/ssh-copy.ts';
import { command } from './shared/leaf.ts';
import { checkLoginArgs, LOGIN_ARGS } from './shared/login-args.ts';
import { VM_OR_DEFAULT } from './shared/vm-arg.ts';

export const copy = command({
  name: 'ssh-copy',
  summary: 'Copy your SSH keys (~/.ssh/id_*, *.pem) into a VM',
  description: 'Boots the VM if it is off, and shuts it down again. authorized_keys and config in the guest are not touched.',
  args: { vm: VM_OR_DEFAULT, ...LOGIN_ARGS },
  examples: [
    ['rusta ssh-copy lab', 'your keys in lab, so that git and ssh work from there'],
    ['rusta ssh-copy lab --user ubuntu --password ubuntu', 'for a VM with another login'],
  ],
  needs: 'ssh',
  output: 'lifecycle',
  check: checkLoginArgs('ssh-copy'),
  async run(app, { vm, user, password }) {
    await sshCopy(app, vm, { user, password });
    return undefined;
  },
});

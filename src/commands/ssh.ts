import { runSsh } from '../reach/session.ts';
import { command } from './shared/leaf.ts';
import { checkLoginArgs, LOGIN_ARGS } from './shared/login-args.ts';
import { VM_OR_DEFAULT } from './shared/vm-arg.ts';

export const ssh = command({
  name: 'ssh',
  summary: 'Open an SSH session, or run a command, on a VM',
  description:
    'One word after -- is a command line for the remote shell; several words are passed as they are. The exit code is that of the remote command.',
  args: {
    vm: VM_OR_DEFAULT,
    ...LOGIN_ARGS,
    autoUp: { type: 'boolean', description: 'Start the VM first if it is not running' },
  },
  words: 'command and arguments to run on the VM',
  examples: [
    ['rusta ssh lab', 'a shell on lab'],
    ['rusta ssh lab -- uname -a', 'run one command'],
    ["rusta ssh lab -- 'cd /srv && ls | wc -l'", 'a command line for the remote shell'],
  ],
  needs: 'ssh',
  output: 'data',
  check: checkLoginArgs('ssh'),
  run: (app, { vm, autoUp, user, password }, words) => runSsh(app, { vm, passthrough: words, autoUp, login: { user, password } }),
});

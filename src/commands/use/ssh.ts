import { UsageError } from '../../errors.ts';
import { runSsh } from '../../reach/session.ts';
import { command } from '../shared/command.ts';
import { loginArgs, optionalVm, passthrough } from '../shared/kinds.ts';

export default command({
  args: {
    vm: optionalVm,
    ...loginArgs,
    autoUp: { type: 'boolean', description: 'Start the VM first if it is not running' },
    passthrough: passthrough('command and arguments to run on the VM'),
  },
  details:
    'One word after -- is a command line for the remote shell; several words are passed as they are. The exit code is that of the remote command.',
  examples: [
    ['rusta ssh lab', 'a shell on lab'],
    ['rusta ssh lab -- uname -a', 'run one command'],
    ["rusta ssh lab -- 'cd /srv && ls | wc -l'", 'a command line for the remote shell'],
  ],
  requires: 'tart',
  stdout: 'result',
  setup({ args: { passthrough }, data: app }) {
    if (app.out.json && passthrough.length === 0)
      throw new UsageError("with '--json' a command to run on the VM is needed, after '--'", 'ssh');
  },
  run: ({ args: { vm, passthrough, autoUp, user, password }, data: app }) =>
    runSsh(app, { vm, passthrough, autoUp, login: { user, password } }),
});

import type { App } from '../../app.ts';
import { runInCopy } from '../../create/throw-away/run.ts';
import { RustaError, UsageError } from '../../errors.ts';
import { findUndecoded } from '../../system/environment.ts';
import { checkShares } from '../../vm/shares.ts';
import { command } from '../shared/command.ts';
import { duration, passthrough, shareArg, variableName, vmName } from '../shared/kinds.ts';

export default command({
  args: {
    from: { type: 'string', valueHint: 'vm', ...vmName, completes: 'vms', description: 'The VM to copy for it, which has to be off' },
    timeout: { type: 'string', valueHint: 'time', ...duration, description: 'How long the command may run, e.g. 90s, 20m, 2h' },
    env: {
      type: 'string',
      valueHint: 'name',
      ...variableName,
      repeats: true,
      description: 'Set this variable for it as it is set here',
    },
    share: { ...shareArg, description: 'Let it see this folder: <folder>[:<path in the VM>][:ro], else below /mnt; it runs in the first' },
    keep: { type: 'boolean', description: 'Leave the VM running afterwards' },
    passthrough: passthrough('command and arguments to run'),
  },
  details:
    'Copies a VM, runs the command in the copy and removes the copy, however the command ends. stdin, stdout, stderr and the exit code are those of the command; 124 where its time was over. One word after -- is a command line for a shell; several words are passed as they are.',
  examples: [
    ['rusta run --from base -- uname -a', 'one command in a fresh VM'],
    ["rusta run --from base -- 'cd /srv && ls | wc -l'", 'a command line'],
    ['rusta run --from base --timeout 20m --env TOKEN -- ./test.sh', 'with a limit, and a secret that stands in no argument list'],
  ],
  requires: 'tart',
  stdout: 'result',
  setup({ args: { from, passthrough: words, env }, data: app }) {
    if (from === undefined) throw new UsageError("flag '--from' is needed: the VM to copy", 'run');
    if (words.length === 0) throw new UsageError("the command to run is needed, after '--'", 'run');
    for (const name of env) variableOf(app, name);
  },
  run: ({ args: { from = '', passthrough: words, timeout: timeoutMs, env, share, keep }, data: app }) =>
    runInCopy(app, {
      from,
      command: words,
      timeoutMs,
      variables: Object.fromEntries(env.map((name) => [name, variableOf(app, name)])),
      shares: checkShares(app, share),
      keep,
    }),
});

/** Returns the value of a variable. Throws RustaError if it is not set, or not UTF-8: before the work, not after it. */
function variableOf({ env }: Pick<App, 'env'>, name: string): string {
  const value = env[name];
  if (value === undefined) {
    throw new RustaError('environment_invalid', `variable '${name}' is not set`, { hint: `Set it, or leave out '--env ${name}'.` });
  }
  if (findUndecoded([value]) === undefined) return value;
  throw new RustaError('environment_invalid', `the value of variable '${name}' is not UTF-8, and rusta would change it`, {
    hint: 'Hand such bytes over on standard input, or in a folder that is shared.',
  });
}

import type { VmRecord } from '../../state/record.ts';
import { type Owner, ownerOf, settingOf } from '../../state/ssh/config.ts';
import { pathExists, readIfExists } from '../../system/files/files.ts';
import { createSsh } from '../../tools/ssh/ssh.ts';
import { isRustaHostElsewhere, programOf, rustaName } from '../../vm/names/rusta-host.ts';
import type { Looks } from './look.ts';

/** The things that `ssh-setup` left on the Mac for a VM. */
export interface SshNameFacts {
  readonly alias: string;
  /** The owner of `Host rusta-<vm>` in `~/.ssh/config`; undefined if that cannot be read. */
  readonly owner: Owner | undefined;
  /** The program that our block starts, if it is no longer there. */
  readonly lostProgram: string | undefined;
  /** The host keys that are known for it: type and key of each. Empty if there is no alias of ours. */
  readonly knownKeys: readonly string[];
}

/** Collects them. `config` is the text of `~/.ssh/config`. */
export async function collectSshName(
  looks: Looks,
  vm: string,
  record: VmRecord | undefined,
  config: string | undefined,
): Promise<SshNameFacts> {
  const { app, look } = looks;
  const alias = rustaName(vm);
  const owner = config === undefined ? undefined : ownerOf(config, alias);
  const program = programOf(config === undefined ? undefined : settingOf(config, alias, 'ProxyCommand'));
  const known = owner === 'rusta' ? await look(async () => readIfExists(app.paths.knownHosts(vm)) ?? '') : undefined;
  return {
    alias,
    owner: owner === 'nobody' && record?.ssh === true ? await ownerElsewhere(looks, vm) : owner,
    lostProgram: program === undefined || pathExists(program) ? undefined : program,
    knownKeys: (known ?? '').split('\n').flatMap((line) => (line.startsWith(`${alias} `) ? [line.slice(alias.length + 1)] : [])),
  };
}

/** Asks ssh itself whether a file that the config includes has the alias, which is the user's then. (D13) */
function ownerElsewhere({ app, runner, look }: Looks, vm: string): Promise<Owner | undefined> {
  const ssh = createSsh(runner, false, app.paths.runLog(vm));
  return look(async () => ((await isRustaHostElsewhere({ ssh }, vm)) ? 'user' : 'nobody'));
}

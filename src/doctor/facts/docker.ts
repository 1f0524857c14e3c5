import type { VmRecord } from '../../state/record.ts';
import { hostNameOf, type Owner, ownerOf } from '../../state/ssh/config.ts';
import { succeeded } from '../../system/programs/command.ts';
import { createDocker } from '../../tools/docker.ts';
import { createSsh } from '../../tools/ssh/ssh.ts';
import { unreadable } from '../../tools/unreadable.ts';
import { dockerName } from '../../vm/names/docker-host.ts';
import { ownSetting } from '../../vm/names/ssh-host.ts';
import type { Looks } from './look.ts';

/** The things that `docker-setup` left on the Mac for a VM. */
export interface DockerFacts {
  readonly alias: string;
  /** The owner of `Host docker-<vm>` in `~/.ssh/config`; undefined if that cannot be read. */
  readonly aliasOwner: Owner | undefined;
  /** The address to which our block leads. */
  readonly aliasHost: string | undefined;
  /** The docker context of a VM that is set up for Docker; undefined for other VMs, and if docker did not tell. */
  readonly context: 'right' | 'missing' | 'wrong' | 'users' | undefined;
}

/** Collects them. `config` is the text of `~/.ssh/config`. */
export async function collectDocker(
  looks: Looks,
  vm: string,
  record: VmRecord | undefined,
  config: string | undefined,
): Promise<DockerFacts> {
  const alias = dockerName(vm);
  const owner = config === undefined ? undefined : ownerOf(config, alias);
  return {
    alias,
    aliasOwner: owner === 'nobody' && record?.docker === true ? await ownerElsewhere(looks, vm, alias) : owner,
    aliasHost: config === undefined ? undefined : hostNameOf(config, alias),
    context: record?.docker === true ? await contextOf(looks, alias) : undefined,
  };
}

/** Asks ssh itself whether a file that the config includes has the alias, which is the user's then. (D13) */
function ownerElsewhere({ app, runner, look }: Looks, vm: string, alias: string): Promise<Owner | undefined> {
  const ssh = createSsh(runner, false, app.paths.runLog(vm));
  return look(async () => {
    const said = await ssh.effectiveConfig(alias);
    if (!succeeded(said)) throw unreadable('ssh -G', said.stderr);
    return (await ownSetting({ ssh }, alias)) === undefined ? 'nobody' : 'user';
  });
}

async function contextOf({ runner, look }: Looks, name: string): Promise<DockerFacts['context']> {
  const docker = createDocker(runner);
  if (!docker.installed) return 'missing';
  return look(async () => {
    const context = await docker.inspect(name);
    if (context === undefined) return 'missing';
    // The user in it was chosen at the set-up, so any is right.
    if (/^ssh:\/\/[^@]+@(.*)$/.exec(context.endpoint ?? '')?.[1] === name) return 'right';
    return context.ours ? 'wrong' : 'users';
  });
}

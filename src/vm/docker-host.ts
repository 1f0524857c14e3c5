import type { App } from '../app.ts';
import { ownerOf, withAlias, withHostName, withoutAlias } from '../state/ssh-config.ts';
import type { SshTarget } from '../tools/ssh.ts';

export type DockerHostContext = Pick<App, 'sshFiles' | 'docker' | 'out'>;

/** The SSH alias and the docker context of a VM have one name. (spec 4.11) */
export function dockerName(vm: string): string {
  return `docker-${vm}`;
}

/** Writes or repairs the alias in `~/.ssh/config`; an entry of the user's own is left alone (D13). Throws RustaError. */
export async function ensureAlias(app: DockerHostContext, vm: string, target: SshTarget): Promise<void> {
  const alias = dockerName(vm);
  let isUsers = false;
  await app.sshFiles.updateConfig((config) => {
    isUsers = ownerOf(config, alias) === 'user';
    if (isUsers) return undefined;
    return withAlias(config, {
      alias,
      hostName: target.address,
      port: target.port,
      user: target.user,
      identityFile: app.sshFiles.privateKey,
    });
  });
  if (isUsers) app.out.warn(`~/.ssh/config has an entry for '${alias}' that is not rusta's: it is left as it is`);
  else app.out.ok(`SSH alias ${alias}: ${target.user}@${target.address}`);
}

/** Makes or repairs the docker context; one of the user's own is left alone. Throws ToolError. */
export async function ensureContext(app: DockerHostContext, vm: string, target: SshTarget): Promise<void> {
  const name = dockerName(vm);
  const endpoint = `ssh://${target.user}@${name}`;
  const existing = await app.docker.inspect(name);
  if (existing === undefined) await app.docker.create(name, endpoint);
  else if (existing.endpoint !== endpoint) {
    if (!existing.ours) {
      app.out.warn(`the docker context '${name}' is not rusta's and leads to ${existing.endpoint}: it is left as it is`);
      return;
    }
    await app.docker.update(name, endpoint);
  }
  app.out.ok(`Docker context ${name}: ${endpoint}`);
}

/** Lets the alias of a VM follow its address, where the alias is ours. Returns whether it changed. Throws RustaError. */
export async function refreshAlias(app: Pick<App, 'sshFiles'>, vm: string, address: string): Promise<boolean> {
  let changed = false;
  await app.sshFiles.updateConfig((config) => {
    const after = withHostName(config, dockerName(vm), address);
    changed = after !== undefined;
    return after;
  });
  return changed;
}

/** Removes rusta's own alias of a VM, and nothing else. Throws RustaError. */
export async function removeDockerAlias(app: DockerHostContext, vm: string): Promise<void> {
  await app.sshFiles.updateConfig((config) => withoutAlias(config, dockerName(vm)));
}

/** Removes rusta's own docker context of a VM, and nothing else. Throws RustaError and ToolError. */
export async function removeDockerContext(app: DockerHostContext, vm: string): Promise<void> {
  const name = dockerName(vm);
  if (app.docker.installed && (await app.docker.inspect(name))?.ours) await app.docker.remove(name);
}

import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { hostNameOf, isPredecessors, ownerOf, type SshAlias, withHostName } from '../../state/ssh/config.ts';
import { pinnedAlias } from '../../state/ssh/pinned-alias.ts';
import { BLOCK_SHIELD } from '../../tools/ssh/options.ts';
import type { SshTarget } from '../../tools/ssh/ssh.ts';
import { visibleConfig, type WantedAlias } from './ssh-alias.ts';

type DockerHostContext = Pick<App, 'sshFiles' | 'docker' | 'out'>;

/** Returns the one name of the SSH alias and the docker context of a VM. (spec 4.11) */
export function dockerName(vm: string): string {
  return `docker-${vm}`;
}

const OPTIONS: SshAlias['settings'] = [['PubkeyAuthentication', 'yes'], ['ConnectTimeout', '10'], ...BLOCK_SHIELD];

/** Returns the alias for docker's logins, which is pinned to the VM's address. */
export function dockerAlias(app: Pick<App, 'sshFiles'>, vm: string, { address, port, user }: SshTarget): WantedAlias {
  const identityFile = app.sshFiles.privateKey;
  return {
    ...pinnedAlias({ alias: dockerName(vm), hostName: address, port, user, identityFile, options: OPTIONS }),
    proof: { setting: 'hostname', value: address },
    shown: `${user}@${address}`,
  };
}

/**
 * Makes or repairs the docker context; leaves one of the user alone. `leads` says that the alias leads to the VM: without such an alias
 * no context is made. Returns whether there is a context that leads there. Throws ToolError.
 */
export async function ensureContext(app: DockerHostContext, vm: string, target: SshTarget, leads: boolean): Promise<boolean> {
  const name = dockerName(vm);
  const endpoint = `ssh://${target.user}@${name}`;
  const existing = await inspectOrNothing(app, name);
  if (existing?.endpoint === endpoint) {
    if (leads) app.out.skip(`Docker context ${name} already exists: ${endpoint}`);
    return leads;
  }
  if (existing === undefined && !leads) return false;
  if (existing === undefined) await app.docker.create(name, endpoint);
  else if (existing.ours || isEndpointOf(existing.endpoint, name)) await app.docker.update(name, endpoint);
  else {
    app.out.warn(`the docker context '${name}' is not rusta's and leads to ${existing.endpoint}: it is left as it is`);
    return false;
  }
  app.out.ok(`Docker context ${name}: ${endpoint}`);
  return true;
}

/** Returns the context; undefined if docker fails, in whatever words: making the context shows whether it was missing. */
async function inspectOrNothing({ docker }: DockerHostContext, name: string) {
  try {
    return await docker.inspect(name);
  } catch (error) {
    if (error instanceof RustaError && error.code === 'program_failed') return undefined;
    throw error;
  }
}

/** Tells whether an endpoint leads to the alias: by that the predecessor's contexts are recognized, which lack our mark. */
function isEndpointOf(endpoint: string | undefined, alias: string): boolean {
  return endpoint?.startsWith('ssh://') === true && endpoint.endsWith(`@${alias}`);
}

/**
 * Returns the address to which our alias of a VM is pinned; undefined if none of ours can be seen, or it was made for another VM of that
 * name. A config that cannot be read does not stop a command that only lets an alias follow: the command tells it, if there should be an
 * alias (D13, D28).
 */
export function pinnedAddress(app: Pick<App, 'sshFiles' | 'store' | 'out'>, vm: string): string | undefined {
  const config = visibleConfig(app);
  const isOnRecord = app.store.read().vms.get(vm)?.docker === true;
  if (typeof config === 'string') {
    // The predecessor kept no record of its aliases.
    return isOnRecord || isPredecessors(config, dockerName(vm)) ? hostNameOf(config, dockerName(vm)) : undefined;
  }
  if (isOnRecord) app.out.warn(`the SSH alias ${dockerName(vm)} cannot be looked at: ${config.message}`);
  return undefined;
}

/** Lets the alias of a VM follow its address if the alias is ours, and warns if it cannot. Returns whether it changed. */
export async function refreshAlias(app: Pick<App, 'sshFiles' | 'store' | 'out'>, vm: string, address: string): Promise<boolean> {
  let changed = false;
  try {
    await app.sshFiles.updateConfig((config) => {
      const after = withHostName(config, dockerName(vm), address);
      changed = after !== undefined;
      return after;
    });
  } catch (error) {
    // The alias is a courtesy: the command was asked for something else.
    if (!(error instanceof RustaError)) throw error;
    app.out.warn(`the SSH alias ${dockerName(vm)} still leads to ${pinnedAddress(app, vm)}, not to ${address}: ${error.message}`);
    return false;
  }
  return changed;
}

/** Removes rusta's own docker context of a VM, or the predecessor's, and no other. Returns whether there was one. Throws RustaError and ToolError. */
export async function removeDockerContext(app: DockerHostContext, vm: string): Promise<boolean> {
  const name = dockerName(vm);
  if (!app.docker.installed) return false;
  const context = await app.docker.inspect(name);
  const isUsers = ownerOf(app.sshFiles.readConfig(), name) === 'user';
  if (context?.ours !== true && (isUsers || !isEndpointOf(context?.endpoint, name))) return false;
  await app.docker.remove(name);
  return true;
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { VmRecord } from '../state/record.ts';
import { forgetVm } from '../vm/forget.ts';
import { dockerName, removeDockerContext } from '../vm/names/docker-host.ts';
import { removeRustaHost, rustaName } from '../vm/names/rusta-host.ts';
import { endSharedConnections } from '../vm/names/shared-connection.ts';
import { hasAlias, removeAlias } from '../vm/names/ssh-alias.ts';

/** Does its part and returns what went with the VM, for the user to read. */
type Step = (app: App, vm: string) => Promise<string | undefined>;

const OWN_STEPS: readonly Step[] = [clearDefault, forget];
const DOCKER_STEPS: readonly Step[] = [
  async (app, vm) => ((await removeAlias(app, dockerName(vm))) ? `SSH alias ${dockerName(vm)}` : undefined),
  async (app, vm) => ((await removeDockerContext(app, vm)) ? `Docker context ${dockerName(vm)}` : undefined),
];
const SSH_STEPS: readonly Step[] = [async (app, vm) => ((await removeRustaHost(app, vm)) ? `SSH alias ${rustaName(vm)}` : undefined)];

/** What stands on the Mac for a VM, beside what rusta keeps for itself. */
export interface Made {
  /** By docker-setup: an alias and a context. */
  readonly docker: boolean;
  /** By ssh-setup: an alias and known host keys. */
  readonly ssh: boolean;
}

/** Finds out what was made for a VM: as the record says it, or the user's files. Throws RustaError for a record that cannot be used. */
export function whatWasMade(app: Pick<App, 'store' | 'sshFiles'>, vm: string): Made {
  const { docker, ssh } = madeFor(app.store.read().vms.get(vm));
  return { docker: docker || hasAlias(app, dockerName(vm)), ssh: ssh || hasAlias(app, rustaName(vm)) };
}

export function madeFor(record: VmRecord | undefined): Made {
  return { docker: record?.docker === true, ssh: record?.ssh === true };
}

function stepsFor({ docker, ssh }: Made): Step[] {
  return [...(docker ? DOCKER_STEPS : []), ...(ssh ? SSH_STEPS : [])];
}

/**
 * Removes all that rusta made for a VM that is gone, and returns what the user should know of it. A step that fails does not
 * keep the others from being done. The record goes last, so that a further `delete` finishes what this one began. Throws
 * RustaError naming what is left.
 */
export async function cleanUp(app: App, vm: string, made: Made): Promise<string[]> {
  const failures: string[] = [];
  const gone: string[] = [];
  for (const step of [...stepsFor(made), ...OWN_STEPS]) {
    try {
      const what = await step(app, vm);
      if (what !== undefined) gone.push(what);
    } catch (error) {
      if (!(error instanceof RustaError)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length === 0) return gone;
  throw new RustaError('delete_failed', `VM '${vm}' is deleted, but something of it is left: ${failures.join('; ')}`, {
    hint: made.docker ? `'docker context ls' shows whether '${dockerName(vm)}' is still there.` : undefined,
  });
}

async function clearDefault(app: App, vm: string): Promise<string | undefined> {
  let wasDefault = false;
  await app.store.update((edit) => {
    wasDefault = edit.state.defaultVm === vm;
    if (wasDefault) edit.setDefault(undefined);
  });
  return wasDefault ? 'the default' : undefined;
}

async function forget(app: App, vm: string): Promise<undefined> {
  await endSharedConnections(app, vm);
  await forgetVm(app, vm);
}

/**
 * Forgets a VM that is gone, whose name another is about to get: it must not inherit the login, nor be reached by the alias
 * and the context. What cannot be removed is told. Throws RustaError where the record stays.
 */
export async function forgetFormer(app: App, vm: string, made: Made): Promise<void> {
  for (const step of stepsFor(made)) {
    try {
      await step(app, vm);
    } catch (error) {
      if (!(error instanceof RustaError)) throw error;
      app.out.warn(`something is left of a former VM '${vm}': ${error.message}`);
    }
  }
  await app.store.update((edit) => edit.removeVm(vm));
}

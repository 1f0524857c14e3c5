import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { VmRecord } from '../state/record.ts';
import { forgetVm } from '../vm/forget.ts';
import { dockerName, removeDockerContext } from '../vm/names/docker-host.ts';
import { removeRustaHost, rustaName } from '../vm/names/rusta-host.ts';
import { endSharedConnections } from '../vm/names/shared-connection.ts';
import { hasAlias, removeAlias } from '../vm/names/ssh-alias.ts';

/** Does one part of the work, and returns what was removed with the VM, for the user to read. */
type Step = (app: App, vm: string) => Promise<string | undefined>;

const OWN_STEPS: readonly Step[] = [clearDefault, forget];
const DOCKER_STEPS: readonly Step[] = [
  async (app, vm) => ((await removeAlias(app, dockerName(vm))) ? `SSH alias ${dockerName(vm)}` : undefined),
  async (app, vm) => ((await removeDockerContext(app, vm)) ? `Docker context ${dockerName(vm)}` : undefined),
];
const SSH_STEPS: readonly Step[] = [async (app, vm) => ((await removeRustaHost(app, vm)) ? `SSH alias ${rustaName(vm)}` : undefined)];

/** The things on the Mac that were made for a VM, beside rusta's own files. */
export interface Made {
  /** docker-setup made an alias and a context. */
  readonly docker: boolean;
  /** ssh-setup made an alias and known host keys. */
  readonly ssh: boolean;
  /** Names that the VM had when it was made, and that no VM has now. */
  readonly formerNames: readonly string[];
}

type MadeContext = Pick<App, 'store' | 'sshFiles' | 'tartFiles'>;

/** Finds out what was made for a VM, from its record or the user's files. Throws RustaError for a record that cannot be used. */
export function whatWasMade(app: MadeContext, vm: string): Made {
  const { docker, ssh, formerNames } = madeFor(app, app.store.read().vms.get(vm));
  return { docker: docker || hasAlias(app, dockerName(vm)), ssh: ssh || hasAlias(app, rustaName(vm)), formerNames };
}

export function madeFor({ store, tartFiles }: MadeContext, record: VmRecord | undefined): Made {
  const { vms } = store.read();
  const isFree = (name: string) => !vms.has(name) && tartFiles.mark(name) === undefined;
  return { docker: record?.docker === true, ssh: record?.ssh === true, formerNames: (record?.was ?? []).filter(isFree) };
}

/** Returns each step beside the name under which it is to be done. */
function stepsFor(vm: string, { docker, ssh, formerNames }: Made): (readonly [Step, string])[] {
  const steps = [...(docker ? DOCKER_STEPS : []), ...(ssh ? SSH_STEPS : [])];
  return [...under(vm, steps), ...formerNames.flatMap((name) => under(name, [...steps, forget]))];
}

function under(name: string, steps: readonly Step[]): (readonly [Step, string])[] {
  return steps.map((step) => [step, name]);
}

/**
 * Removes all that rusta made for a VM that is gone, and returns what the user should know of it. A step that fails does not stop the
 * others. The record goes last, so that a further `delete` can finish the work. Throws RustaError naming what is left.
 */
export async function cleanUp(app: App, vm: string, made: Made): Promise<string[]> {
  const failures: string[] = [];
  const gone: string[] = [];
  for (const [step, name] of [...stepsFor(vm, made), ...under(vm, OWN_STEPS)]) {
    try {
      const what = await step(app, name);
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
 * Forgets a former VM whose name another is about to get: the new one must not inherit the login, nor be reached by the alias and the
 * context. Warns of what cannot be removed. Throws RustaError if the record stays.
 */
export async function forgetFormer(app: App, vm: string, made: Made): Promise<void> {
  for (const [step, name] of stepsFor(vm, made)) {
    try {
      await step(app, name);
    } catch (error) {
      if (!(error instanceof RustaError)) throw error;
      app.out.warn(`something is left of a former VM '${vm}': ${error.message}`);
    }
  }
  await app.store.update((edit) => edit.removeVm(vm));
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { isVmName } from '../state/grammar.ts';
import type { Lock } from '../system/files/lock.ts';
import type { Vm } from '../tools/tart/list.ts';
import { explainMissing, type MissingContext, vmNotFound, whereItMayBe } from './missing.ts';
import { checkVmName } from './name.ts';
import { pickVm } from './picker.ts';

export type ResolveContext = MissingContext & Pick<App, 'prompt' | 'out' | 'env'>;

/** Returns the name in RUSTA_VM, which counts if the command line names no VM. Throws RustaError if no VM can have that name. */
export function vmFromEnvironment({ env }: Pick<App, 'env'>): string | undefined {
  const name = env['RUSTA_VM'];
  if (name === undefined || name === '') return undefined;
  if (isVmName(name)) return name;
  throw new RustaError('environment_invalid', `RUSTA_VM is '${name}', which is no name of a VM`);
}

/**
 * Finds the VM that a command works on, with one `tart list`: the named one, else that of RUSTA_VM, else the default. Without a default
 * it asks on the terminal and stores the answer (spec 3.2). Throws RustaError if there is no such VM.
 */
export async function resolveOrAskVm(app: ResolveContext, name: string | undefined): Promise<Vm> {
  if (name !== undefined) return findListed(app, await app.tart.list(), name);
  const ofEnvironment = vmFromEnvironment(app);
  if (ofEnvironment !== undefined) return findOfEnvironment(app, await app.tart.list(), ofEnvironment);
  const { defaultVm } = app.store.read();
  const vms = await app.tart.list();
  const preset = vms.find((vm) => vm.name === defaultVm);
  if (preset) {
    checkVmName(preset.name); // the file may have been edited by hand
    return preset;
  }
  return askForDefault(app, vms, defaultVm);
}

/** Finds a VM by its name. Throws RustaError with what is known of it if Tart does not list it. */
export async function findListed(app: MissingContext, vms: readonly Vm[], name: string): Promise<Vm> {
  const vm = vms.find((candidate) => candidate.name === name);
  if (vm) return vm;
  throw await explainMissing(app, vms, name);
}

async function findOfEnvironment(app: MissingContext, vms: readonly Vm[], name: string): Promise<Vm> {
  const vm = vms.find((candidate) => candidate.name === name);
  if (vm) return vm;
  throw (await explainMissing(app, vms, name)).withHint('RUSTA_VM names it.');
}

/** Finds a VM that was there before. Throws RustaError if it is gone. */
export function findVm(vms: readonly Vm[], name: string): Vm {
  const vm = vms.find((candidate) => candidate.name === name);
  if (vm) return vm;
  throw vmNotFound(name);
}

/**
 * Looks the VM up again under its lock, because it may have changed during the wait for that. Throws as `findListed`, and removes the
 * lock file of a VM that is gone.
 */
export async function findVmUnderLock(app: MissingContext, name: string, lock: Lock): Promise<Vm> {
  const vms = await app.tart.list();
  if (!vms.some((vm) => vm.name === name)) lock.discard();
  return findListed(app, vms, name);
}

async function askForDefault(app: ResolveContext, vms: readonly Vm[], previous: string | undefined): Promise<Vm> {
  const candidates = vms.filter((vm) => isVmName(vm.name));
  const unset = previous === undefined ? 'no default VM is set' : `the default VM '${previous}' no longer exists`;
  if (candidates.length === 0) {
    const known = [...app.store.read().vms.keys()];
    const create = "Create one with 'rusta create <vm>'.";
    const hint = known.length === 0 ? create : `${whereItMayBe(app, `rusta knows ${known.map((vm) => `'${vm}'`).join(', ')}`)}\n${create}`;
    throw new RustaError('vm_not_found', `${unset}, and there are no VMs`, { hint });
  }
  const { refusal } = app.prompt;
  if (refusal !== undefined) {
    throw new RustaError('vm_not_chosen', `${unset}, and ${refusal}`, {
      hint: "Name the VM on the command line, or run 'rusta default <vm>' first.",
    });
  }
  const chosen = await pickVm(app, candidates);
  await app.store.update((edit) => edit.setDefault(chosen.name));
  app.out.notice(`Set '${chosen.name}' as default for future commands.`);
  return chosen;
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { Lock } from '../system/files/lock.ts';
import { closest } from '../text/closest.ts';
import type { Vm } from '../tools/tart-list.ts';
import { checkVmName, isVmName, vmNotFound } from './name.ts';
import { pickVm } from './picker.ts';

export type ResolveContext = Pick<App, 'tart' | 'store' | 'prompt' | 'out'>;

/** The VM that a command works on, and whether it runs (spec 3.2). One `tart list`. Throws RustaError with exit code 2 when there is none. */
export async function resolveVm(app: ResolveContext, name: string | undefined): Promise<Vm> {
  if (name !== undefined) return findVm(await app.tart.list(), name);
  const { defaultVm } = app.store.read();
  const vms = await app.tart.list();
  const preset = vms.find((vm) => vm.name === defaultVm);
  if (preset) {
    checkVmName(preset.name); // the file may have been edited by hand
    return preset;
  }
  return chooseDefault(app, vms, defaultVm);
}

/** Throws `VM '<name>' not found` with the nearest name. */
export function findVm(vms: readonly Vm[], name: string): Vm {
  const vm = vms.find((candidate) => candidate.name === name);
  if (vm) return vm;
  const names = vms.map((candidate) => candidate.name);
  throw vmNotFound(name, closest(name, names));
}

/** What has become of a VM until its lock was ours. Throws as `findVm`, and leaves no lock file of a VM that is gone. */
export async function findLocked(app: Pick<App, 'tart'>, name: string, lock: Lock): Promise<Vm> {
  const vms = await app.tart.list();
  if (!vms.some((vm) => vm.name === name)) lock.discard();
  return findVm(vms, name);
}

async function chooseDefault(app: ResolveContext, vms: readonly Vm[], gone: string | undefined): Promise<Vm> {
  const candidates = vms.filter((vm) => isVmName(vm.name));
  const unset = gone === undefined ? 'no default VM is set' : `the default VM '${gone}' no longer exists`;
  if (candidates.length === 0) {
    throw new RustaError(`${unset}, and there are no VMs`, { hint: "Create one with 'rusta create <vm>'.", exitCode: 2 });
  }
  if (!app.prompt.interactive) {
    throw new RustaError(`${unset}, and stdin is not a TTY to ask on`, {
      hint: "Name the VM on the command line, or run 'rusta default <vm>' first.",
      exitCode: 2,
    });
  }
  const chosen = await pickVm(app, candidates);
  await app.store.update((edit) => edit.setDefault(chosen.name));
  app.out.notice(`Set '${chosen.name}' as default for future commands.`);
  return chosen;
}

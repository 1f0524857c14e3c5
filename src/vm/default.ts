import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { findVm } from './resolve.ts';

/** The default VM's name if it exists. Throws RustaError (exit 1) if none is set or it is gone; never asks (spec 3.4). */
export async function currentDefault(app: Pick<App, 'store' | 'tart'>): Promise<string> {
  const { defaultVm } = app.store.read();
  const hint = "Set one with 'rusta default <vm>'.";
  if (defaultVm === undefined) throw new RustaError('no default set', { hint });
  const vms = await app.tart.list();
  if (vms.some((vm) => vm.name === defaultVm)) return defaultVm;
  throw new RustaError(`no default set: VM '${defaultVm}', the last one, no longer exists`, { hint });
}

/** Throws RustaError (exit 2) for a VM that does not exist. */
export async function chooseDefault(app: Pick<App, 'store' | 'tart'>, name: string): Promise<void> {
  const vm = findVm(await app.tart.list(), name);
  await app.store.update((edit) => edit.setDefault(vm.name));
}

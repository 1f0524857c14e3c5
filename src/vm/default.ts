import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { MissingContext } from './missing.ts';
import { findListed } from './resolve.ts';

/** Returns the default VM's name if that VM exists. Never asks (spec 3.4). Throws RustaError if none is set or it is gone. */
export async function currentDefault(app: Pick<App, 'store' | 'tart'>): Promise<string> {
  const { defaultVm } = app.store.read();
  const hint = "Set one with 'rusta default <vm>'.";
  if (defaultVm === undefined) throw new RustaError('no_default', 'no default set', { hint });
  const vms = await app.tart.list();
  if (vms.some((vm) => vm.name === defaultVm)) return defaultVm;
  throw new RustaError('no_default', `no default set: VM '${defaultVm}', the last one, no longer exists`, { hint });
}

/** Makes a VM the default. Throws RustaError for a VM that does not exist. */
export async function setDefault(app: MissingContext, name: string): Promise<void> {
  const vm = await findListed(app, await app.tart.list(), name);
  await app.store.update((edit) => edit.setDefault(vm.name));
}

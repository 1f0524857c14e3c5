import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { MissingContext } from './missing.ts';
import { findListed } from './resolve.ts';

const HINT = "Set one with 'rusta default <vm>'.";

/** Returns the default VM's name if that VM exists. Never asks (spec 3.4). Throws RustaError if none is set or it is gone. */
export async function currentDefault(app: Pick<App, 'store' | 'tart'>): Promise<string> {
  const { defaultVm } = app.store.read();
  if (defaultVm === undefined) throw noDefault(HINT);
  const vms = await app.tart.list();
  if (vms.some((vm) => vm.name === defaultVm)) return defaultVm;
  throw noDefault(`VM '${defaultVm}', the last one, no longer exists. ${HINT}`);
}

function noDefault(hint: string): RustaError {
  return new RustaError('no_default', 'no default set', { hint, isAnswer: true });
}

/** Makes a VM the default. Throws RustaError for a VM that does not exist. */
export async function setDefault(app: MissingContext, name: string): Promise<void> {
  const vm = await findListed(app, await app.tart.list(), name);
  await app.store.update((edit) => edit.setDefault(vm.name));
}

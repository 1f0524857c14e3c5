import type { App } from '../app.ts';
import { Interrupted } from '../errors.ts';
import { asWord } from '../text/shell.ts';
import { awaitAddress, confirmAddress } from '../vm/address/address.ts';
import { dockerName, pinnedAddress, refreshAlias } from '../vm/names/docker-host.ts';
import { type FailWhen, WAITS } from '../vm/waits/waits.ts';

/**
 * Says that a VM runs, and at which address; returns null if no address came in time. Throws RustaError if the VM stops meanwhile, and
 * Interrupted.
 */
export async function announceRunning(app: App, vm: string, failWhen: FailWhen): Promise<string | null> {
  app.progress.ok(`VM '${vm}' is running`);
  const address = await announceAddress(app, vm, failWhen);
  if (address !== undefined) await refreshDockerAlias(app, vm, address);
  return address ?? null;
}

/** Prints the address if it comes in time. Throws RustaError if the VM stops meanwhile, and Interrupted. */
async function announceAddress(app: App, vm: string, failWhen: FailWhen): Promise<string | undefined> {
  let stopped: unknown;
  const watch = (finished: AbortSignal) =>
    failWhen(finished).catch((error: unknown) => {
      stopped = error;
      throw error;
    });
  const address = await awaitAddress(app, { vm, wait: WAITS.ipAfterUp, proof: 'needed', failWhen: watch }).catch((error: unknown) => {
    if (error instanceof Interrupted || error === stopped) throw error;
    return undefined;
  });
  if (address === undefined) app.out.warn(`no IP address yet; 'rusta ip ${asWord(vm)}' waits for it`);
  else app.out.ok(`IP address: ${address}`);
  return address;
}

async function refreshDockerAlias(app: App, vm: string, address: string): Promise<void> {
  if (pinnedAddress(app, vm) === undefined) return;
  if (await refreshAlias(app, vm, address)) app.out.ok(`SSH alias ${dockerName(vm)} now leads to ${address}`);
}

/** Lets the alias follow the address of a VM, which can change while the VM runs, after a sleep. Calls Tart once, and not at all without an alias. */
export async function followAddress(app: App, vm: string): Promise<void> {
  const pinned = pinnedAddress(app, vm);
  if (pinned === undefined) return;
  const answer = await app.tart.ip(vm);
  const leased = 'address' in answer ? answer.address : undefined;
  if (leased === pinned) return;
  const address = await confirmAddress(app, vm, leased);
  if (address !== undefined) await refreshDockerAlias(app, vm, address);
}

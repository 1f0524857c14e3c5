import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { IpResolver } from '../tools/tart.ts';
import type { Vm } from '../tools/tart-list.ts';
import { type Wait, type Watch, waitFor } from './waits.ts';

export type AddressContext = Pick<App, 'tart' | 'clock' | 'interrupt' | 'env' | 'out'>;

/** Plain `tart ip` answers for nearly every guest; the others find static addresses and odd DHCP clients (design D11). */
const RESOLVERS: readonly (IpResolver | undefined)[] = [undefined, 'agent', 'arp'];

/** The IPv4 address of a running VM. Throws RustaError when the wait expires, and what `watch` rejects with. */
export function findAddress(app: AddressContext, vm: string, wait: Wait, watch?: Watch): Promise<string> {
  let looks = 0;
  const look = async () => {
    const resolver = RESOLVERS[looks % RESOLVERS.length];
    looks += 1;
    const answer = await app.tart.ip(vm, resolver);
    return 'address' in answer ? { done: answer.address } : { last: answer.said };
  };
  return waitFor(app, { wait, vm, look, watch });
}

/** A VM that is off has no address: Tart would answer from an old lease. Throws RustaError (exit 1). */
export function requireRunning(vm: Vm): void {
  if (vm.status === 'running') return;
  throw new RustaError(`VM '${vm.name}' is not running`, { hint: `Start it with 'rusta up ${vm.name}'.` });
}

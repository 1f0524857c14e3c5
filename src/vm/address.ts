import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { IpResolver } from '../tools/tart.ts';
import type { Vm } from '../tools/tart-list.ts';
import { type FailWhen, type Wait, waitFor } from './waits.ts';

/** Plain `tart ip` answers for nearly every guest; the others find static addresses and odd DHCP clients (D11). */
const RESOLVERS: readonly (IpResolver | undefined)[] = [undefined, 'agent', 'arp'];

/** Waits for the IPv4 address of a running VM. Throws RustaError after the timeout, and what `failWhen` rejects with. */
export function awaitAddress(app: App, vm: string, wait: Wait, failWhen?: FailWhen): Promise<string> {
  let probes = 0;
  const probe = async () => {
    const resolver = RESOLVERS[probes % RESOLVERS.length];
    probes += 1;
    const answer = await app.tart.ip(vm, resolver);
    return 'address' in answer ? { value: answer.address } : { lastAnswer: answer.said };
  };
  return waitFor(app, { wait, vm, probe, failWhen });
}

/** Throws RustaError for a VM that is off: it has no address, but Tart would answer from an old lease. */
export function requireRunning(vm: Vm): void {
  if (vm.status === 'running') return;
  throw new RustaError('vm_not_running', `VM '${vm.name}' is not running`, { hint: `Start it with 'rusta up ${vm.name}'.` });
}

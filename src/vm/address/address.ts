import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { isVmName } from '../../state/grammar.ts';
import { asWord } from '../../text/shell.ts';
import type { Vm } from '../../tools/tart/list.ts';
import type { IpAnswer, IpResolver } from '../../tools/tart/tart.ts';
import { resolveOrAskVm, vmFromEnvironment } from '../resolve.ts';
import { type FailWhen, type ProbeResult, type Wait, waitFor } from '../waits/waits.ts';
import { type BootAddress, ownerOf, recallAddress, rememberAddress } from './boot.ts';
import { askGuestAddresses } from './guest.ts';

/** Plain `tart ip` answers for nearly every guest; the other resolvers find static addresses and odd DHCP clients (D11). */
const RESOLVERS: readonly (IpResolver | undefined)[] = [undefined, 'agent', 'arp'];
/** Docker's own networks. The agent names the first interface that has an address, which may be docker0. */
const DOCKER_RANGE = /^172\.(?:1[6-9]|2\d|3[01])\./;

export interface AddressRequest {
  readonly vm: string;
  readonly wait: Wait;
  /** Logins, aliases and files need an address that the guest has confirmed. To show one, a lease that nothing contradicts suffices. */
  readonly proof: 'needed' | 'if in doubt';
  /** The answer of plain `tart ip`, if it was asked already. */
  readonly firstAnswer?: IpAnswer | undefined;
  readonly failWhen?: FailWhen | undefined;
}

/** Waits for the IPv4 address of a running VM. Throws RustaError after the timeout, and what `failWhen` rejects with. */
export function awaitAddress(app: App, { vm, wait, proof, firstAnswer, failWhen }: AddressRequest): Promise<string> {
  let probes = 0;
  const probe = async (): Promise<ProbeResult<string>> => {
    const resolver = RESOLVERS[probes % RESOLVERS.length];
    const known = probes === 0 ? firstAnswer : undefined;
    probes += 1;
    const answer = known ?? (await app.tart.ip(vm, resolver));
    if (!('address' in answer)) return { lastAnswer: answer.said };
    const candidate = { address: answer.address, resolver };
    if (proof === 'if in doubt' && resolver === undefined && !isDoubtful(app, vm, answer.address)) return { value: answer.address };
    return confirm(app, vm, candidate);
  };
  return waitFor(app, { wait, vm, probe, failWhen });
}

/** Tells whether an address contradicts what the guest, or another one, said in this boot. */
function isDoubtful(app: App, vm: string, address: string): boolean {
  const remembered = recallAddress(app, vm);
  return remembered === undefined ? ownerOf(app, address, vm) !== undefined : remembered.address !== address;
}

interface Candidate {
  readonly address: string;
  readonly resolver: IpResolver | undefined;
}

/**
 * Lets the guest confirm an address, once a boot. If it disagrees, its own address counts; without an agent the lease counts, unless it is
 * that of another VM.
 */
async function confirm(app: App, vm: string, { address, resolver }: Candidate): Promise<ProbeResult<string>> {
  if (recallAddress(app, vm)?.address === address) return { value: address };
  const own = await askGuestAddresses(app, vm);
  if (own === undefined) {
    if (resolver === 'agent' && DOCKER_RANGE.test(address)) return { lastAnswer: `only ${address}, which is docker's` };
    const owner = ownerOf(app, address, vm);
    if (owner !== undefined) return { lastAnswer: `only ${address}, which VM '${owner}' has` };
    return remembering(app, vm, { address, proven: false });
  }
  const [first] = own;
  if (first === undefined) return { lastAnswer: 'the guest has no address yet' };
  return remembering(app, vm, { address: own.includes(address) ? address : first, proven: true });
}

/** Returns the leased address if the guest has it, else the guest's own; undefined if there is none yet. */
export async function confirmAddress(app: App, vm: string, leased: string | undefined): Promise<string | undefined> {
  if (leased === undefined) return (await askGuestAddresses(app, vm))?.[0];
  const result = await confirm(app, vm, { address: leased, resolver: undefined });
  return 'value' in result ? result.value : undefined;
}

function remembering(app: App, vm: string, found: Pick<BootAddress, 'address' | 'proven'>): ProbeResult<string> {
  rememberAddress(app, vm, found);
  return { value: found.address };
}

/** Asks the guest for another address than one at which nobody answers; returns undefined if it has no other. */
export async function findOtherAddress(app: App, vm: string, address: string): Promise<string | undefined> {
  const own = await askGuestAddresses(app, vm);
  if (own === undefined) {
    const answer = await app.tart.ip(vm);
    if (!('address' in answer) || answer.address === address || ownerOf(app, answer.address, vm) !== undefined) return undefined;
    return answer.address;
  }
  const [first] = own;
  if (first === undefined || own.includes(address)) return undefined;
  rememberAddress(app, vm, { address: first, proven: true });
  return first;
}

export interface Addressed {
  readonly vm: Vm;
  /** The answer of plain `tart ip`; undefined if it was not asked, or the VM is off. */
  readonly firstAnswer: IpAnswer | undefined;
}

/** Finds the VM as `resolveOrAskVm` does, and asks for its address at the same time. */
export async function resolveWithAddress(app: App, name: string | undefined): Promise<Addressed> {
  const likely = name ?? vmFromEnvironment(app) ?? app.store.read().defaultVm;
  if (likely === undefined || !isVmName(likely)) return { vm: await resolveOrAskVm(app, name), firstAnswer: undefined };
  const unneeded = new AbortController();
  const resolving = resolveOrAskVm(app, name);
  const asking = settled(app.tart.ip(likely, undefined, unneeded.signal));
  try {
    const vm = await resolving;
    if (vm.status !== 'running' || vm.name !== likely) return { vm, firstAnswer: undefined };
    const result = await asking;
    if ('error' in result) throw result.error;
    return { vm, firstAnswer: result.value };
  } finally {
    // A VM that is off has no address, but Tart would answer from an old lease.
    unneeded.abort(new Error('the address is not needed'));
    await asking;
  }
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

function settled<T>(promise: Promise<T>): Promise<Settled<T>> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** Throws RustaError for a VM that is off: it has no address, but Tart would answer from an old lease. */
export function requireRunning(vm: Vm): void {
  if (vm.status === 'running') return;
  const name = asWord(vm.name);
  if (vm.status === 'suspended') {
    throw new RustaError('vm_not_running', `VM '${vm.name}' is suspended, not running`, {
      hint: `Drop what it had in memory, then start it: rusta down ${name} --force && rusta up ${name}`,
    });
  }
  throw new RustaError('vm_not_running', `VM '${vm.name}' is not running`, { hint: `Start it with 'rusta up ${name}'.` });
}

import { parseHostKeys } from '../../guest/host-keys.ts';
import { connectError } from '../../system/network/connect-error.ts';
import { type Finished, reasonOf, succeeded } from '../../system/programs/command.ts';
import { ADDRESS_QUESTION, parseGuestAddresses } from '../../vm/address/guest.ts';
import type { Looks } from './look.ts';

/** A running guest: what it says through its agent, and how the Mac gets to it. */
export interface GuestFacts {
  /** What came instead of the agent's answer; undefined where the agent answered. */
  readonly silence: string | undefined;
  /** What the guest says of itself; undefined where it says nothing. */
  readonly hostname: string | undefined;
  readonly machineId: string | undefined;
  /** Seconds by which its clock is off, less what the question took. */
  readonly clockOffset: number | undefined;
  /** IPv4 addresses by which it is reached, in its own words. */
  readonly addresses: readonly string[];
  /** Its SSH host keys: type and key of each. */
  readonly hostKeys: readonly string[];
  /** As Tart knows it, perhaps from an old lease. */
  readonly address: string | undefined;
  /** The interface of the Mac that leads there. */
  readonly via: string | undefined;
  /** What the kernel says of the way there. */
  readonly connectError: string | undefined;
}

/** An agent that is there answers at once; without one `tart exec` tries for half a minute. Milliseconds. */
const AGENT_MS = 2_000;
/** On a Mac that is busy all takes longer: an agent gets as many times what `tart list` took, within reason. */
const LISTS = 10;
const MAX_AGENT_MS = 10_000;
/** The discard service: no server is knocked at, and no login is missed. */
const NOBODYS_PORT = 9;

const SCRIPT = [
  'echo "clock=$(date +%s)"',
  'read -r name 2>/dev/null </etc/hostname; echo "hostname=$name"',
  'read -r id 2>/dev/null </etc/machine-id; echo "machine=$id"',
  ADDRESS_QUESTION,
  'cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null || true',
].join('\n');

/** `listMs` is how long Tart took to list its VMs. */
export async function collectGuest(looks: Looks, vm: string, listMs: number): Promise<GuestFacts> {
  const [said, way] = await Promise.all([
    askAgent(looks, vm, Math.min(Math.max(AGENT_MS, listMs * LISTS), MAX_AGENT_MS)),
    findWay(looks, vm),
  ]);
  return { ...said, ...way };
}

type Said = Pick<GuestFacts, 'silence' | 'hostname' | 'machineId' | 'clockOffset' | 'addresses' | 'hostKeys'>;

/** Silence is no hang of a program here, but what is to be found out. */
async function askAgent({ app, look }: Looks, vm: string, timeoutMs: number): Promise<Said> {
  const before = Date.now();
  const answer = await look(() => app.tart.exec(vm, ['sh', '-c', SCRIPT], { timeoutMs }));
  const after = Date.now();
  const clock = answer && lineOf(answer.stdout, 'clock');
  if (answer && succeeded(answer) && clock !== undefined) {
    return {
      silence: undefined,
      hostname: lineOf(answer.stdout, 'hostname'),
      machineId: lineOf(answer.stdout, 'machine'),
      clockOffset: offset(Number(clock) * 1_000, before, after),
      addresses: parseGuestAddresses(answer.stdout) ?? [],
      hostKeys: parseHostKeys(answer.stdout),
    };
  }
  return { silence: whyNot(answer), hostname: undefined, machineId: undefined, clockOffset: undefined, addresses: [], hostKeys: [] };
}

function whyNot(answer: Finished | undefined): string {
  if (answer === undefined || answer.timedOut) return 'no answer';
  if (answer.code === 0) return 'an answer that cannot be read';
  return reasonOf(answer);
}

function lineOf(text: string, key: string): string | undefined {
  return new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1]?.trim();
}

/** Milliseconds in, seconds out: 0 where the guest's whole second touches the time of the question. */
function offset(guest: number, before: number, after: number): number {
  if (guest + 1_000 < before) return Math.round((guest - before) / 1_000);
  return guest > after ? Math.round((guest - after) / 1_000) : 0;
}

async function findWay({ tart, macos, look }: Looks, vm: string): Promise<Pick<GuestFacts, 'address' | 'via' | 'connectError'>> {
  const answer = await look(() => tart.ip(vm));
  if (answer === undefined || !('address' in answer)) return { address: undefined, via: undefined, connectError: undefined };
  const { address } = answer;
  const [via, error] = await Promise.all([look(() => macos.interfaceTo(address)), connectError(address, NOBODYS_PORT)]);
  return { address, via, connectError: error };
}

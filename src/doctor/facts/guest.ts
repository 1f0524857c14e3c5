import { parseHostKeys } from '../../guest/host-keys.ts';
import { connectError } from '../../system/network/connect-error.ts';
import { type Finished, reasonOf, succeeded } from '../../system/programs/command.ts';
import { ADDRESS_QUESTION, parseGuestAddresses } from '../../vm/address/guest.ts';
import type { Looks } from './look.ts';

/** A running guest: its own words through its agent, and how the Mac gets to it. */
export interface GuestFacts {
  /** The failure in place of the agent's answer; undefined if the agent answered. */
  readonly silence: string | undefined;
  /** The guest's own words about itself; undefined if it is silent. */
  readonly hostname: string | undefined;
  readonly machineId: string | undefined;
  /** Seconds by which its clock is off, less those that the question took. */
  readonly clockOffset: number | undefined;
  /** IPv4 addresses by which it is reached, as it says itself. */
  readonly addresses: readonly string[];
  /** Its SSH host keys: type and key of each. */
  readonly hostKeys: readonly string[];
  /** Its address as Tart knows it, perhaps from an old lease. */
  readonly address: string | undefined;
  /** The interface of the Mac that leads there. */
  readonly via: string | undefined;
  /** The kernel's error for the way there. */
  readonly connectError: string | undefined;
}

/** Milliseconds: an agent that runs answers at once; for a missing one `tart exec` tries for half a minute. */
const AGENT_MS = 2_000;
/** Everything takes longer on a busy Mac: an agent gets this many times the time of `tart list`, within reason. */
const LISTS = 10;
const MAX_AGENT_MS = 10_000;
/** The port of the discard service, which bothers no server and no sshd. */
const NOBODYS_PORT = 9;

const SCRIPT = [
  'echo "clock=$(date +%s)"',
  'read -r name 2>/dev/null </etc/hostname; echo "hostname=$name"',
  'read -r id 2>/dev/null </etc/machine-id; echo "machine=$id"',
  ADDRESS_QUESTION,
  'cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null || true',
].join('\n');

/** Collects the facts of a guest. `listMs` is the time that Tart took to list its VMs. */
export async function collectGuest(looks: Looks, vm: string, listMs: number): Promise<GuestFacts> {
  const [said, way] = await Promise.all([
    askAgent(looks, vm, Math.min(Math.max(AGENT_MS, listMs * LISTS), MAX_AGENT_MS)),
    findWay(looks, vm),
  ]);
  return { ...said, ...way };
}

type Said = Pick<GuestFacts, 'silence' | 'hostname' | 'machineId' | 'clockOffset' | 'addresses' | 'hostKeys'>;

/** Asks the agent. A silent agent is a fact here, and not a program that hung. */
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

/** Returns seconds from milliseconds: 0 if the guest's whole second touches the time of the question. */
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

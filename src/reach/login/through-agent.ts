import type { App } from '../../app.ts';
import { sshdPipe } from '../../guest/sshd-pipe.ts';
import { asWord } from '../../text/shell.ts';
import type { SshTarget } from '../../tools/ssh/ssh.ts';
import { rememberSilence } from '../../vm/address/boot.ts';
import { connectCommand } from '../../vm/names/rusta-host.ts';
import { NO_WAY } from './local-network.ts';

/** Replaces the address of a guest that has none. */
const NO_ADDRESS = 'guest-agent';
/** Milliseconds: an agent and an sshd that run answer at once. */
const LOOK_MS = 5_000;
/** Matches the words of ssh, and those of the system. */
const TIMED_OUT = /timed ?out/i;
/** Tries before another way is looked for: for some seconds a guest that has just booted refuses, or has no way. */
const TRIES = 5;

/** A target whose address is not known yet. */
type Nowhere = Omit<SshTarget, 'address' | 'proxyCommand'>;

/** Tells whether to look for another way than the address, after so many failed tries in a row. */
export function isClosedWay(refused: string, tries: number): boolean {
  return TIMED_OUT.test(refused) || (NO_WAY.test(refused) && tries === 2) || tries % TRIES === 0;
}

/** Tells whether the guest's sshd answers inside the guest, whatever happens at its address. */
export async function answersInside({ tart }: Pick<App, 'tart'>, vm: string, port: number): Promise<boolean> {
  const answer = await tart.exec(vm, sshdPipe(port, 0), { timeoutMs: LOOK_MS });
  return answer.stdout.startsWith('SSH-');
}

/**
 * Returns the same target by way of the guest agent, and warns about it; undefined if sshd does not answer there either. `address` is
 * where it was looked for, `reason` why that is no way.
 */
export async function throughAgent(
  app: App,
  vm: string,
  target: Nowhere,
  { address, reason }: { readonly address: string | undefined; readonly reason: string },
): Promise<SshTarget | undefined> {
  if (!(await answersInside(app, vm, target.port))) return undefined;
  const where = address === undefined ? `VM '${vm}' has no address` : `VM '${vm}' cannot be reached at ${address}`;
  app.out.warn(`${where} (${reason}): going through its guest agent. 'rusta doctor ${asWord(vm)}' says what may be in the way.`);
  // The next command then does not wait for an answer again.
  if (TIMED_OUT.test(reason) && address !== undefined) rememberSilence(app, vm, address);
  return { ...target, address: address ?? NO_ADDRESS, proxyCommand: connectCommand(app, vm, '--via-agent') };
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { SshTarget } from '../tools/ssh.ts';
import type { IpAnswer } from '../tools/tart.ts';
import { awaitAddress, findOtherAddress } from '../vm/address.ts';
import { recallAddress } from '../vm/boot-address.ts';
import { credentialsOf, type LoginFlags } from '../vm/credentials.ts';
import { type FailWhen, type ProbeResult, WAITS, waitFor } from '../vm/waits.ts';
import { findWays } from '../vm/ways.ts';
import { keyForLogin } from './key-use.ts';
import { createLogin, type Login } from './login.ts';
import { sshPort } from './ssh-port.ts';
import { throughAgent } from './through-agent.ts';

/** macOS answers so, at once, where the terminal may not use the local network; a guest that just boots does too, for some seconds. */
const NO_WAY = 'EHOSTUNREACH';
/** Milliseconds of nothing but such answers after which waiting is over: ssh shall try, which may have the permission that rusta lacks. */
const NO_WAY_MS = 10_000;
/** After this many refused probes the address may be another VM's old lease: ask again. */
const PROBES_PER_ADDRESS = 5;
/** After this many in a row that found the way closed, the guest agent may be another. */
const CLOSED_LOOKS = 3;

export interface LoginRequest {
  readonly vm: string;
  readonly flags: LoginFlags;
  /** What plain `tart ip` has said already. */
  readonly firstAnswer?: IpAnswer | undefined;
  /** Given where this command has booted the VM: rejects when it goes off. */
  readonly failWhen?: FailWhen | undefined;
}

/**
 * Finds out where and how to log in to a running VM (spec 6.1, D11); of one that this command has booted, waits for the SSH server. A guest
 * without an address is reached through its agent (D21).
 */
export async function findLogin(app: App, { vm, flags, firstAnswer, failWhen }: LoginRequest): Promise<Login> {
  const nowhere = { port: sshPort(app.env), ...credentialsOf(app, vm, flags), privateKey: await keyForLogin(app, vm) };
  const answer = firstAnswer ?? (await app.tart.ip(vm));
  const known = failWhen === undefined ? await askForWay(app, vm, nowhere, answer) : undefined;
  if (known !== undefined) return createLogin(app, vm, known);
  const found = await findTarget(app, { vm, nowhere, answer, failWhen });
  const isReady = failWhen === undefined || found.proxyCommand !== undefined;
  return createLogin(app, vm, isReady ? found : await awaitServer(app, vm, found, failWhen), failWhen);
}

type Nowhere = Parameters<typeof throughAgent>[2];

/** Asks a guest that has been running for its way, where Tart's address is known to be none; undefined where that must show, or be waited for. */
async function askForWay(app: App, vm: string, nowhere: Nowhere, answer: IpAnswer): Promise<SshTarget | undefined> {
  const known = recallAddress(app, vm);
  if (known?.isSilent === true) return throughAgent(app, vm, nowhere, { address: known.address, reason: 'no answer a moment ago' });
  if ('address' in answer) return undefined;
  const { address, hasAgent } = await findWays(app, vm, undefined);
  if (address !== undefined) return { ...nowhere, address, proxyCommand: undefined };
  return hasAgent ? throughAgent(app, vm, nowhere, { address, reason: answer.said }) : undefined;
}

interface Search {
  readonly vm: string;
  readonly nowhere: Nowhere;
  readonly answer: IpAnswer;
  readonly failWhen: FailWhen | undefined;
}

/** Waits for the address; at the end of a wait for nothing the agent may still be a way. Throws RustaError. */
async function findTarget(app: App, { vm, nowhere, answer, failWhen }: Search): Promise<SshTarget> {
  try {
    const address = await awaitAddress(app, { vm, wait: WAITS.ip, proof: 'needed', firstAnswer: answer, failWhen });
    return { ...nowhere, address, proxyCommand: undefined };
  } catch (error) {
    const isLate = error instanceof RustaError && error.code === 'timed_out';
    const found = isLate ? await throughAgent(app, vm, nowhere, { address: undefined, reason: 'none came in time' }) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

/**
 * Waits until the SSH server of a guest that boots answers. Only then may its port be looked at without a login: sshd takes that for an
 * attack (`PerSourcePenalties`), and keeps us out.
 */
async function awaitServer(app: App, vm: string, target: SshTarget, failWhen: FailWhen): Promise<SshTarget> {
  let { address } = target;
  let probes = 0;
  let closedLooks = 0;
  const giveUpMs = Math.min(NO_WAY_MS, app.timeouts.of(WAITS.ssh) / 2);
  let noWaySince: number | undefined;
  const probe = async (signal: AbortSignal): Promise<ProbeResult<SshTarget>> => {
    if (probes > 0 && probes % PROBES_PER_ADDRESS === 0) address = (await findOtherAddress(app, vm, address)) ?? address;
    probes += 1;
    const banner = await app.ssh.banner(address, target.port, signal);
    if ('line' in banner) {
      if (banner.line.startsWith('SSH-')) return { value: { ...target, address } };
      return { lastAnswer: `${address}:${target.port} says '${banner.line.slice(0, 40)}'` };
    }
    closedLooks = banner.error === NO_WAY || banner.error === 'ETIMEDOUT' ? closedLooks + 1 : 0;
    if (closedLooks === CLOSED_LOOKS) {
      const detour = await throughAgent(app, vm, target, { address, reason: banner.error });
      if (detour !== undefined) return { value: detour };
    }
    noWaySince = banner.error === NO_WAY ? (noWaySince ?? app.clock.now()) : undefined;
    if (noWaySince !== undefined && app.clock.now() - noWaySince >= giveUpMs) return { value: { ...target, address } };
    return { lastAnswer: `${banner.error} from ${address}:${target.port}` };
  };
  return waitFor(app, { wait: WAITS.ssh, vm, probe, failWhen });
}

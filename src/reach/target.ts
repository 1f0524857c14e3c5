import type { App } from '../app.ts';
import type { SshTarget } from '../tools/ssh.ts';
import type { IpAnswer } from '../tools/tart.ts';
import { awaitAddress, findOtherAddress } from '../vm/address.ts';
import { credentialsOf, type LoginFlags } from '../vm/credentials.ts';
import { type FailWhen, type ProbeResult, WAITS, waitFor } from '../vm/waits.ts';
import { keyForLogin } from './key-use.ts';
import { createLogin, type Login } from './login.ts';
import { sshPort } from './ssh-port.ts';

/** macOS answers so, at once, where the terminal may not use the local network; a guest that just boots does too, for some seconds. */
const NO_WAY = 'EHOSTUNREACH';
/** Milliseconds of nothing but such answers after which waiting is over: ssh shall try, which may have the permission that rusta lacks. */
const NO_WAY_MS = 10_000;
/** After this many refused probes the address may be another VM's old lease: ask again. */
const PROBES_PER_ADDRESS = 5;

export interface LoginRequest {
  readonly vm: string;
  readonly flags: LoginFlags;
  /** What plain `tart ip` has said already. */
  readonly firstAnswer?: IpAnswer | undefined;
  /** Given where this command has booted the VM: rejects when it goes off. */
  readonly failWhen?: FailWhen | undefined;
}

/** Finds out where and how to log in to a running VM (spec 6.1, D11); of one that this command has booted, waits for the SSH server. */
export async function findLogin(app: App, { vm, flags, firstAnswer, failWhen }: LoginRequest): Promise<Login> {
  const credentials = credentialsOf(app, vm, flags);
  const port = sshPort(app.env);
  const privateKey = await keyForLogin(app, vm);
  const address = await awaitAddress(app, { vm, wait: WAITS.ip, proof: 'needed', firstAnswer, failWhen });
  const target: SshTarget = { address, port, ...credentials, privateKey };
  return createLogin(app, vm, failWhen === undefined ? target : await awaitServer(app, vm, target, failWhen), failWhen);
}

/**
 * Waits until the SSH server of a guest that boots answers. Only then may its port be looked at without a login: sshd takes that for an
 * attack (`PerSourcePenalties`), and keeps us out.
 */
async function awaitServer(app: App, vm: string, target: SshTarget, failWhen: FailWhen): Promise<SshTarget> {
  let { address } = target;
  let probes = 0;
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
    noWaySince = banner.error === NO_WAY ? (noWaySince ?? app.clock.now()) : undefined;
    if (noWaySince !== undefined && app.clock.now() - noWaySince >= giveUpMs) return { value: { ...target, address } };
    return { lastAnswer: `${banner.error} from ${address}:${target.port}` };
  };
  return waitFor(app, { wait: WAITS.ssh, vm, probe, failWhen });
}

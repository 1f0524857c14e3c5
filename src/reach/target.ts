import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { SshTarget } from '../tools/ssh.ts';
import { awaitAddress } from '../vm/address.ts';
import { credentialsOf, type LoginFlags } from '../vm/credentials.ts';
import { type FailWhen, type ProbeResult, WAITS, waitFor } from '../vm/waits.ts';
import { keyForLogin } from './key-use.ts';

const DEFAULT_PORT = 22;
/** macOS answers so, at once, where the terminal may not use the local network; a guest that just boots does too, for some seconds. */
const NO_WAY = 'EHOSTUNREACH';
/** Milliseconds of nothing but such answers after which waiting is over: ssh shall try, which may have the permission that rusta lacks. */
const NO_WAY_MS = 10_000;
/** After this many refused probes the address may be another VM's old lease: ask again. */
const PROBES_PER_ADDRESS = 5;

/** Waits until the SSH server of a running VM answers, and returns where and how to log in (spec 6.1, D11). */
export async function awaitTarget(app: App, vm: string, flags: LoginFlags, failWhen?: FailWhen): Promise<SshTarget> {
  const credentials = credentialsOf(app, vm, flags);
  const privateKey = await keyForLogin(app, vm);
  const port = sshPort(app.env);
  let address = await awaitAddress(app, vm, WAITS.ip, failWhen);
  let probes = 0;
  const giveUpMs = Math.min(NO_WAY_MS, app.timeouts.of(WAITS.ssh) / 2);
  let noWaySince: number | undefined;
  const probe = async (signal: AbortSignal): Promise<ProbeResult<SshTarget>> => {
    if (probes > 0 && probes % PROBES_PER_ADDRESS === 0) {
      const fresh = await app.tart.ip(vm, 'agent');
      if ('address' in fresh) address = fresh.address;
    }
    probes += 1;
    const banner = await app.ssh.banner(address, port, signal);
    if ('line' in banner) {
      if (banner.line.startsWith('SSH-')) return { value: { address, port, ...credentials, privateKey } };
      return { lastAnswer: `${address}:${port} is not an SSH server, it says '${banner.line.slice(0, 40)}'` };
    }
    noWaySince = banner.error === NO_WAY ? (noWaySince ?? app.clock.now()) : undefined;
    if (noWaySince !== undefined && app.clock.now() - noWaySince >= giveUpMs)
      return { value: { address, port, ...credentials, privateKey } };
    return { lastAnswer: `${banner.error} from ${address}:${port}` };
  };
  return waitFor(app, { wait: WAITS.ssh, vm, probe, failWhen });
}

/** Throws RustaError for a RUSTA_SSH_PORT that is not a port. */
function sshPort(env: App['env']): number {
  const text = env['RUSTA_SSH_PORT'];
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new RustaError('environment_invalid', `RUSTA_SSH_PORT is '${text}', not a port number`);
}

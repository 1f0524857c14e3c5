import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { SshTarget } from '../tools/ssh.ts';
import { type AddressContext, findAddress } from '../vm/address.ts';
import { credentialsOf, type LoginFlags } from '../vm/credentials.ts';
import { type Answer, WAITS, type Watch, waitFor } from '../vm/waits.ts';

export type TargetContext = AddressContext & Pick<App, 'ssh' | 'sshFiles' | 'store'>;

const DEFAULT_PORT = 22;
/** macOS answers so when the terminal may not use the local network; a guest that just boots does too, for a moment. */
const PRIVACY_ERROR = 'EHOSTUNREACH';
const PRIVACY_HINT =
  'macOS may block it: allow your terminal in System Settings > Privacy & Security > Local Network. A VPN can do this too.';
/** After this many refused looks the address may be another VM's old lease: ask again. */
const LOOKS_PER_ADDRESS = 5;

/** Where and how to log in to a running VM; waits until its SSH server answers, or `watch` rejects (spec 6.1, design D11). */
export async function findTarget(app: TargetContext, vm: string, flags: LoginFlags, watch?: Watch): Promise<SshTarget> {
  const credentials = credentialsOf(app, vm, flags);
  const identity = app.store.read().vms.get(vm)?.key === true ? app.sshFiles.identity : undefined;
  const port = sshPort(app.env);
  let address = await findAddress(app, vm, WAITS.ip, watch);
  let looks = 0;
  let warned = false;
  const look = async (signal: AbortSignal): Promise<Answer<SshTarget>> => {
    if (looks > 0 && looks % LOOKS_PER_ADDRESS === 0) {
      const fresh = await app.tart.ip(vm, 'agent');
      if ('address' in fresh) address = fresh.address;
    }
    looks += 1;
    const banner = await app.ssh.banner(address, port, signal);
    if ('line' in banner) {
      if (banner.line.startsWith('SSH-')) return { done: { address, port, ...credentials, identity } };
      return { last: `${address}:${port} is not an SSH server, it says '${banner.line.slice(0, 40)}'` };
    }
    if (banner.error === PRIVACY_ERROR && looks > LOOKS_PER_ADDRESS && !warned) {
      warned = true;
      app.out.warn(`${address} cannot be reached. ${PRIVACY_HINT}`);
    }
    return { last: `${banner.error} from ${address}:${port}` };
  };
  return waitFor(app, { wait: WAITS.ssh, vm, look, watch });
}

/** Throws RustaError for a RUSTA_SSH_PORT that is not a port. */
function sshPort(env: App['env']): number {
  const text = env['RUSTA_SSH_PORT'];
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new RustaError(`RUSTA_SSH_PORT is '${text}', not a port number`);
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { remoteCommand, type SshTarget } from '../tools/ssh.ts';
import { findAddress, requireRunning } from './address.ts';
import { credentialsOf } from './credentials.ts';
import { resolveVm } from './resolve.ts';
import { bringUp, type UpContext } from './up.ts';
import { type Answer, WAITS, waitFor } from './waits.ts';

export type SshContext = UpContext & Pick<App, 'ssh' | 'stdio' | 'verbose'>;

const DEFAULT_PORT = 22;
/** macOS answers so when the terminal may not use the local network; a guest that just boots does too, for a moment. */
const PRIVACY_ERROR = 'EHOSTUNREACH';
const PRIVACY_HINT =
  'macOS may block it: allow your terminal in System Settings > Privacy & Security > Local Network. A VPN can do this too.';
/** After this many refused looks the address may be another VM's old lease: ask again. */
const LOOKS_PER_ADDRESS = 5;

/** Spec 4.9: a session or one command on the VM; resolves with the remote exit code. */
export async function openSession(app: SshContext, name: string | undefined, words: readonly string[], autoUp: boolean): Promise<number> {
  const vm = await resolveVm(app, name);
  if (autoUp && vm.status !== 'running') await bringUp(app, vm.name, undefined);
  else requireRunning(vm);
  const target = await findTarget(app, vm.name);
  const terminal = app.stdio.isTerminal(0) && app.stdio.isTerminal(1);
  return app.ssh.session(target, { command: remoteCommand(words), terminal, verbose: app.verbose });
}

async function findTarget(app: SshContext, vm: string): Promise<SshTarget> {
  const credentials = credentialsOf(app, vm);
  const port = sshPort(app.env);
  let address = await findAddress(app, vm, WAITS.ip);
  let looks = 0;
  let warned = false;
  const look = async (signal: AbortSignal): Promise<Answer<SshTarget>> => {
    if (looks > 0 && looks % LOOKS_PER_ADDRESS === 0) address = (await app.tart.ip(vm, 'agent')) ?? address;
    looks += 1;
    const banner = await app.ssh.banner(address, port, signal);
    if ('line' in banner) {
      if (banner.line.startsWith('SSH-')) return { done: { address, port, ...credentials } };
      return { last: `${address}:${port} is not an SSH server, it says '${banner.line.slice(0, 40)}'` };
    }
    if (banner.error === PRIVACY_ERROR && looks > LOOKS_PER_ADDRESS && !warned) {
      warned = true;
      app.out.warn(`${address} cannot be reached. ${PRIVACY_HINT}`);
    }
    return { last: `${banner.error} from ${address}:${port}` };
  };
  return waitFor(app, { wait: WAITS.ssh, vm, look });
}

/** Throws RustaError for a RUSTA_SSH_PORT that is not a port. */
function sshPort(env: App['env']): number {
  const text = env['RUSTA_SSH_PORT'];
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new RustaError(`RUSTA_SSH_PORT is '${text}', not a port number`);
}

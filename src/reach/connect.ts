import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { sshdPipe } from '../guest/sshd-pipe.ts';
import { bringUp } from '../lifecycle/up.ts';
import type { Conversation } from '../system/dial.ts';
import { requireRunning, resolveWithAddress } from '../vm/address.ts';
import { recallAddress, rememberAddress } from '../vm/boot-address.ts';
import { WAITS } from '../vm/waits.ts';
import { findWays } from '../vm/ways.ts';
import { sshPort } from './ssh-port.ts';

export interface ConnectOptions {
  /** Boots a VM that is off. */
  readonly autoUp: boolean;
  /** Tries no address. */
  readonly viaAgent: boolean;
}

/** An address where nobody speaks for so long counts as none. Milliseconds. */
const SILENCE_MS = 2_000;
/** A guest that just boots refuses for a while. Milliseconds. */
const REFUSAL_MS = 30_000;

/**
 * Joins standard input and output to the guest's sshd, byte for byte: at its proven address, else through its agent (D21). Resolves with the
 * exit code once either side has ended. Throws RustaError where there is no way.
 */
export async function connect(app: App, name: string, { autoUp, viaAgent }: ConnectOptions): Promise<number> {
  const attempts = beginAttempts(app, name, viaAgent);
  const known = recallAddress(app, name);
  if (known?.proven === true && (await attempts.join(known.address))) return 0;
  const { vm, firstAnswer } = await resolveWithAddress(app, name);
  if (autoUp) await ensureUp(app, name, vm.status === 'running');
  else requireRunning(vm);
  const leased = firstAnswer !== undefined && 'address' in firstAnswer ? firstAnswer.address : undefined;
  const { address, hasAgent } = await findWays(app, name, leased);
  if (address !== undefined && (await attempts.join(address))) return 0;
  if (hasAgent) return joinThroughAgent(app, name);
  throw new RustaError(
    'connection_failed',
    `VM '${name}' cannot be reached: ${attempts.said() ?? 'it has no address'}, and its guest agent does not answer`,
    { hint: `'rusta doctor ${name}' says what may be wrong.` },
  );
}

/** Waits also for a VM that somebody else has just started: it runs for Tart long before its agent answers. */
async function ensureUp(app: App, vm: string, isRunning: boolean): Promise<void> {
  const pid = app.pids.read(vm);
  const isBooting = pid !== undefined && app.pids.boot(vm, pid)?.ready === false;
  if (!isRunning || isBooting) await bringUp(app, vm, undefined);
}

/** Tries addresses, each of them once. */
function beginAttempts(app: App, vm: string, isForbidden: boolean) {
  const refusals = new Map<string, string>();
  const port = sshPort(app.env);
  return {
    /** Resolves with true when a server was there, and all is said; with false before any byte was read. */
    async join(address: string): Promise<boolean> {
      if (isForbidden || refusals.has(address)) return false;
      const known = recallAddress(app, vm);
      const isSilent = known?.address === address && known.isSilent;
      const refusal = isSilent ? 'no answer a moment ago' : await joinAt(app, address, port);
      if (refusal === undefined) return true;
      app.out.trace(`${address}:${port} is no way to VM '${vm}': ${refusal}`);
      refusals.set(address, refusal);
      if (refusal === 'ETIMEDOUT') rememberAddress(app, vm, { address, proven: true, isSilent: true });
      return false;
    },
    said: () => [...refusals].map(([address, refusal]) => `${refusal} from ${address}:${port}`).at(-1),
  };
}

/** Returns why there was no SSH server; undefined when there was one, and all is said. */
async function joinAt(app: App, address: string, port: number): Promise<string | undefined> {
  const answer = await app.ssh.dial(address, port, SILENCE_MS, app.interrupt.signal);
  if ('error' in answer) return answer.error;
  using server: Conversation = answer;
  if (!server.line.startsWith('SSH-')) return `'${server.line.slice(0, 40)}'`;
  await app.stdio.relay(server, app.interrupt.signal);
  return undefined;
}

async function joinThroughAgent(app: App, vm: string): Promise<number> {
  const patienceMs = Math.min(REFUSAL_MS, app.timeouts.of(WAITS.ssh));
  const code = await app.tart.pipe(vm, sshdPipe(sshPort(app.env), patienceMs / 1_000));
  if (code === 0) return code;
  throw new RustaError('connection_failed', `the way to sshd of VM '${vm}' through its guest agent ended with exit code ${code}`, {
    hint: `Is sshd running in the guest? 'tart exec ${vm} systemctl status ssh' tells.`,
  });
}

import type { App } from '../app.ts';
import { Interrupted, RustaError } from '../errors.ts';
import { sshdPipe } from '../guest/sshd-pipe.ts';
import { bringUp } from '../lifecycle/up.ts';
import type { Conversation } from '../system/network/dial.ts';
import { READER_GONE } from '../system/programs/attached.ts';
import type { Vm } from '../tools/tart/list.ts';
import { requireRunning, resolveWithAddress } from '../vm/address/address.ts';
import { recallAddress, rememberSilence } from '../vm/address/boot.ts';
import { findWays } from '../vm/address/ways.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { WAITS } from '../vm/waits/waits.ts';
import { sshPort } from './login/ssh-port.ts';

export interface ConnectOptions {
  /** Boots a VM that is off. */
  readonly autoUp: boolean;
  /** Goes through the guest agent, and tries no address. */
  readonly viaAgent: boolean;
}

/** Milliseconds for a server's first line; an address that is silent for longer is not a way. */
const SILENCE_MS = 2_000;
/** Milliseconds for which a refusal is not final: a guest that has just booted refuses for a while. */
const REFUSAL_MS = 30_000;

/** The answer of an sshd that hangs up on some of too many connections at once (`MaxStartups`), and for how many milliseconds they try again. */
const CROWDED = /^EOF$|Exceeded MaxStartups/;
const CROWD_MS = 10_000;
const CROWD_PAUSE_MS = 300;

/**
 * Joins standard input and output to the guest's sshd, byte for byte: at its proven address, else through its agent (D21). Resolves with
 * the exit code once either side has ended. Throws RustaError if there is no way.
 */
export async function connect(app: App, name: string, options: ConnectOptions): Promise<number> {
  try {
    return await join(app, name, options);
  } catch (error) {
    // ssh ends its ProxyCommand by a signal: that is not a failure.
    if (error instanceof Interrupted) return error.exitCode;
    throw error;
  }
}

async function join(app: App, name: string, { autoUp, viaAgent }: ConnectOptions): Promise<number> {
  if (viaAgent) {
    await ensureRunning(app, await resolveOrAskVm(app, name), autoUp);
    return joinThroughAgent(app, name);
  }
  const attempts = beginAttempts(app, name);
  const known = recallAddress(app, name);
  if (known?.proven === true && !known.isSilent && (await attempts.join(known.address))) return 0;
  const { vm, firstAnswer } = await resolveWithAddress(app, name);
  await ensureRunning(app, vm, autoUp);
  const leased = firstAnswer !== undefined && 'address' in firstAnswer ? firstAnswer.address : undefined;
  const { address, hasAgent } = await findWays(app, name, leased);
  const isSilent = known?.address === address && known?.isSilent === true;
  // Nobody answered there a moment ago: it is worth another wait only if there is no other way.
  if (address !== undefined && !(isSilent && hasAgent) && (await attempts.join(address))) return 0;
  if (hasAgent) return joinThroughAgent(app, name);
  throw new RustaError(
    'connection_failed',
    `VM '${name}' cannot be reached: ${attempts.said() ?? 'it has no address'}, and its guest agent does not answer`,
    { hint: `'rusta doctor ${name}' says what may be wrong.` },
  );
}

/**
 * Checks that the VM runs; with `autoUp` boots it, or waits for a boot that somebody else has just begun. Tart calls a VM running long
 * before its agent answers.
 */
async function ensureRunning(app: App, vm: Vm, autoUp: boolean): Promise<void> {
  if (!autoUp) return requireRunning(vm);
  const pid = app.pids.read(vm.name);
  const isBooting = pid !== undefined && app.pids.boot(vm.name, pid)?.ready === false;
  if (vm.status !== 'running' || isBooting) await bringUp(app, vm.name);
}

/** Makes attempts at addresses, of which each is tried once. */
function beginAttempts(app: App, vm: string) {
  const refusals = new Map<string, string>();
  const port = sshPort(app.env);
  return {
    /** Resolves with true if there was a server and all is said, with false before any byte was read. */
    async join(address: string): Promise<boolean> {
      if (refusals.has(address)) return false;
      const refusal = await joinAt(app, address, port);
      if (refusal === undefined) return true;
      app.out.trace(`${address}:${port} is no way to VM '${vm}': ${refusal}`);
      refusals.set(address, refusal);
      if (refusal === 'ETIMEDOUT') rememberSilence(app, vm, address);
      return false;
    },
    said: () => [...refusals].map(([address, refusal]) => `${refusal} from ${address}:${port}`).at(-1),
  };
}

/** Returns why there was no SSH server; undefined if there was one and all is said. */
async function joinAt(app: App, address: string, port: number): Promise<string | undefined> {
  const until = app.clock.now() + CROWD_MS;
  for (;;) {
    const answer = await dialSsh(app, address, port);
    if (typeof answer !== 'string') {
      using server = answer;
      await app.stdio.relay(server, app.interrupt.signal);
      return undefined;
    }
    if (!CROWDED.test(answer) || app.clock.now() >= until) return answer;
    await app.clock.sleep(CROWD_PAUSE_MS * (0.5 + Math.random()), app.interrupt.signal);
  }
}

/** Returns the SSH server there, or why there is none. */
async function dialSsh(app: App, address: string, port: number): Promise<Conversation | string> {
  const answer = await app.ssh.dial(address, port, SILENCE_MS, app.interrupt.signal);
  if ('error' in answer) return answer.error;
  if (answer.line.startsWith('SSH-')) return answer;
  using other = answer;
  return `'${other.line.slice(0, 40)}'`;
}

async function joinThroughAgent(app: App, vm: string): Promise<number> {
  const patienceMs = Math.min(REFUSAL_MS, app.timeouts.of(WAITS.ssh));
  const code = await app.tart.pipe(vm, sshdPipe(sshPort(app.env), patienceMs / 1_000));
  if (code === 0 || code === READER_GONE) return code;
  throw new RustaError('connection_failed', `the way to sshd of VM '${vm}' through its guest agent ended with exit code ${code}`, {
    hint: `Is sshd running in the guest? 'tart exec ${vm} systemctl status ssh' tells.`,
  });
}

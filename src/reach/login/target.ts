import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import type { SshTarget } from '../../tools/ssh/ssh.ts';
import type { IpAnswer } from '../../tools/tart/tart.ts';
import { awaitAddress } from '../../vm/address/address.ts';
import { recallAddress } from '../../vm/address/boot.ts';
import { findWays } from '../../vm/address/ways.ts';
import { credentialsOf, type LoginFlags } from '../../vm/credentials.ts';
import { type FailWhen, WAITS } from '../../vm/waits/waits.ts';
import { keyForLogin } from './key-use.ts';
import { createLogin, type Login } from './login.ts';
import { sshPort } from './ssh-port.ts';
import { throughAgent } from './through-agent.ts';

export interface LoginRequest {
  readonly vm: string;
  readonly flags?: LoginFlags | undefined;
  /** The answer of plain `tart ip`, if it was asked already. */
  readonly firstAnswer?: IpAnswer | undefined;
  /** Rejects when the VM goes off; given if this command has booted it. */
  readonly failWhen?: FailWhen | undefined;
}

/**
 * Finds out where and how to log in to a running VM (spec 6.1, D11). The login itself finds out whether its SSH server is up. A guest
 * without an address is reached through its agent (D21).
 */
export async function findLogin(app: App, { vm, flags, firstAnswer, failWhen }: LoginRequest): Promise<Login> {
  const nowhere = { port: sshPort(app.env), ...credentialsOf(app, vm, flags), privateKey: await keyForLogin(app, vm) };
  const answer = firstAnswer ?? (await app.tart.ip(vm));
  const known = failWhen === undefined ? await askForWay(app, vm, nowhere, answer) : undefined;
  return createLogin(app, vm, known ?? (await findTarget(app, { vm, nowhere, answer, failWhen })), failWhen);
}

type Nowhere = Parameters<typeof throughAgent>[2];

/**
 * Asks a guest that has been running for another way, if Tart's address is known to be none. Returns undefined if the login has to show
 * that, or the address must be awaited.
 */
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

/** Waits for the address, and tries the agent when it does not come in time. Throws RustaError. */
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

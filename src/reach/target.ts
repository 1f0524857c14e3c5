import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { IpAnswer } from '../tools/tart.ts';
import { awaitAddress } from '../vm/address.ts';
import { credentialsOf, type LoginFlags } from '../vm/credentials.ts';
import { type FailWhen, WAITS } from '../vm/waits.ts';
import { keyForLogin } from './key-use.ts';
import { createLogin, type Login } from './login.ts';

const DEFAULT_PORT = 22;

export interface LoginRequest {
  readonly vm: string;
  readonly flags: LoginFlags;
  /** What plain `tart ip` has said already. */
  readonly firstAnswer?: IpAnswer | undefined;
  /** Given where this command has booted the VM: rejects when it goes off. */
  readonly failWhen?: FailWhen | undefined;
}

/** Finds out where and how to log in to a running VM (spec 6.1, D11). Whether its SSH server is up, the login itself finds out. */
export async function findLogin(app: App, { vm, flags, firstAnswer, failWhen }: LoginRequest): Promise<Login> {
  const credentials = credentialsOf(app, vm, flags);
  const port = sshPort(app.env);
  const privateKey = await keyForLogin(app, vm);
  const address = await awaitAddress(app, { vm, wait: WAITS.ip, proof: 'needed', firstAnswer, failWhen });
  return createLogin(app, vm, { address, port, ...credentials, privateKey }, failWhen);
}

/** Throws RustaError for a RUSTA_SSH_PORT that is not a port. */
function sshPort(env: App['env']): number {
  const text = env['RUSTA_SSH_PORT'];
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new RustaError('environment_invalid', `RUSTA_SSH_PORT is '${text}', not a port number`);
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type AgentConnection, dialAgent, dialThrough } from '../../agent/client.ts';
import { behaviorOf } from '../../knobs.ts';
import { homeOf } from '../../scratch/environment.ts';
import type { Context } from '../../standin/context.ts';
import { Exit, err, hang } from '../../standin/io.ts';
import { heldKeys, isEncrypted, withoutComment } from './keys.ts';
import type { SshTarget } from './ssh-options.ts';

export interface SshSession {
  readonly connection: AgentConnection;
  /** the guest's `/` on this host */
  readonly root: string;
  readonly home: string;
}

const CLIENT_ERROR = 255;
const SSHPASS_WRONG_PASSWORD = 5;

/** Connects and logs in as OpenSSH would; its words and exit codes when it cannot. */
export async function logIn(context: Context, target: SshTarget, say: (line: string) => void = err): Promise<SshSession> {
  const connection = await connect(context, target, say);
  const root = connection.greeting;
  const home = homeOf(root, target.user);
  const key = acceptedKey(target, home);
  if (key !== undefined && (await opens(key, target))) return { connection, root, home };
  // Told to, ssh asks a program instead of the terminal on which sshpass waits.
  const password = process.env['SSH_ASKPASS_REQUIRE'] === 'force' ? undefined : process.env['SANDBOX_SSHPASS'];
  const methods = target.options.get('preferredauthentications') ?? 'publickey,password';
  const mayAsk = password !== undefined && methods.includes('password') && target.options.get('batchmode') !== 'yes';
  const { user, password: right } = context.knobs();
  const isKnown = target.user === user || target.user === 'admin';
  if (mayAsk && isKnown && password === right) return { connection, root, home };
  if (mayAsk) say('Permission denied, please try again.');
  else say(`${target.user}@${target.host}: Permission denied (publickey,password).`);
  throw new Exit(mayAsk ? SSHPASS_WRONG_PASSWORD : CLIENT_ERROR);
}

/** A machine that ended may look alive, for nobody has collected it or its pid came again: it does not answer. */
async function connect(context: Context, { host, options }: SshTarget, say: (line: string) => void): Promise<AgentConnection> {
  const proxy = options.get('proxycommand') ?? 'none';
  const connection = proxy === 'none' ? await connectTo(context, host, say) : await dialThrough(proxy.replaceAll('%%', '%'));
  if (connection) return connection;
  say(`kex_exchange_identification: Connection closed by remote host`);
  throw new Exit(CLIENT_ERROR);
}

async function connectTo(context: Context, address: string, say: (line: string) => void): Promise<AgentConnection> {
  let reason = 'Connection refused';
  for (const machine of machinesAt(context.root, address)) {
    const closed = CLOSED[networkOf(context, machine)];
    const connection = closed === undefined ? await dialAgent(join(machine, 'sshd.sock')) : undefined;
    if (connection) return connection;
    reason = closed ?? reason;
  }
  say(`ssh: connect to host ${address} port 22: ${reason}`);
  throw new Exit(CLIENT_ERROR);
}

/** What ssh says of a network that lets nothing through. */
const CLOSED = { open: undefined, refused: 'Connection refused', silent: 'Connection timed out', 'no way': 'No route to host' } as const;

function networkOf(context: Context, machine: string) {
  const vm = basename(dirname(readFileSync(join(machine, 'guest'), 'utf8')));
  return behaviorOf(context.knobs(), vm).network;
}

function machinesAt(root: string, address: string): string[] {
  return readdirSync(join(root, 'machines'))
    .map((pid) => join(root, 'machines', pid))
    .filter((folder) => existsSync(join(folder, 'address')) && readFileSync(join(folder, 'address'), 'utf8') === address)
    .filter((folder) => isAlive(Number(folder.split('/').at(-1))));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A key of ours that is in the account's authorized_keys. */
function acceptedKey({ options, identities }: SshTarget, home: string): string | undefined {
  const authorized = join(home, '.ssh/authorized_keys');
  if (options.get('pubkeyauthentication') === 'no' || !existsSync(authorized)) return undefined;
  if ((options.get('preferredauthentications') ?? 'publickey').includes('publickey') === false) return undefined;
  const defaults = ['id_ed25519', 'id_rsa', 'id_ecdsa'].map((name) => join(process.env['HOME'] ?? '/', '.ssh', name));
  const mine = identities.length > 0 ? identities : defaults;
  const accepted = readFileSync(authorized, 'utf8').split('\n');
  return mine.find((path) => existsSync(`${path}.pub`) && accepted.includes(readFileSync(`${path}.pub`, 'utf8').trim()));
}

/** Asks for the passphrase of a key that has one and is in no agent: a question that sshpass does not answer, and so for ever. */
export async function opens(key: string, { options }: SshTarget): Promise<boolean> {
  if (!isEncrypted(key)) return true;
  const held = heldKeys() ?? [];
  if (held.map(withoutComment).includes(withoutComment(readFileSync(`${key}.pub`, 'utf8')))) return true;
  if (options.get('batchmode') === 'yes') return false;
  err(`Enter passphrase for key '${key}': `);
  return hang();
}

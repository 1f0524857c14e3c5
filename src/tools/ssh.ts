import type { Finished } from '../system/programs/command.ts';
import type { Runner } from '../system/programs/runner.ts';
import { type Banner, readBanner } from '../system/read-banner.ts';
import { quote } from '../text/shell.ts';

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** A private key that the guest knows; undefined means passwords alone (spec 6.2). */
  readonly privateKey: string | undefined;
}

interface SessionOptions {
  /** undefined asks for a login shell. */
  readonly command: string | undefined;
  readonly terminal: boolean;
}

interface SshRunOptions {
  readonly timeoutMs: number;
  /** Text that the command reads; it may be a secret. Without it there is nothing to read. */
  readonly input?: string;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface Ssh {
  /** Gives the session rusta's own terminal; the remote exit code, or 255 for ssh's own failures, 5 for a refused password. */
  interactive(target: SshTarget, options: SessionOptions): Promise<number>;
  /** Runs a command line of the remote shell; its exit code, or ssh's own as above. */
  run(target: SshTarget, command: string, options: SshRunOptions): Promise<Finished>;
  /** Copies files into a folder of the guest, relative to the user's home, keeping their permissions. */
  copy(target: SshTarget, files: readonly string[], folder: string): Promise<Finished>;
  /** Adds a public key to the guest's authorized_keys, once. */
  installKey(target: SshTarget, publicKey: string): Promise<Finished>;
  /** Tells whether the guest lets the target's key in, without a question to anybody. */
  acceptsKey(target: SshTarget): Promise<boolean>;
  /** The server's first line: says that sshd is up without a login. */
  banner(address: string, port: number, signal: AbortSignal): Promise<Banner>;
}

/** What sshpass ends with when the password is refused. */
export const WRONG_PASSWORD = 5;
/** What ssh ends with when it fails itself. */
export const SSH_FAILED = 255;

const BANNER_TIMEOUT_MS = 3_000;
const COPY_TIMEOUT_MS = 120_000;
const KEY_TIMEOUT_MS = 60_000;
const LOGIN_TIMEOUT_MS = 20_000;

/** A desktop's dialog would bypass the terminal on which sshpass answers. */
const ENVIRONMENT = { SSH_ASKPASS_REQUIRE: 'never' };

/** A new VM often gets the address of a deleted one: a remembered host key would refuse the login. (spec 6.2) */
const OPTIONS: readonly (readonly [string, string])[] = [
  ['StrictHostKeyChecking', 'no'],
  ['UserKnownHostsFile', '/dev/null'],
  ['ConnectTimeout', '10'],
  ['ServerAliveInterval', '30'],
  ['ServerAliveCountMax', '120'],
];

/** ssh's defaults, where a `Host *` in the user's `~/.ssh/config` may say something that locks them out of their own VM. */
const DEFAULTS: readonly (readonly [string, string])[] = [
  ['BatchMode', 'no'],
  ['PasswordAuthentication', 'yes'],
  ['PreferredAuthentications', 'publickey,password,keyboard-interactive'],
  // sshpass knows a refused password by the second prompt.
  ['NumberOfPasswordPrompts', '3'],
  ['ControlPath', 'none'],
  ['ProxyCommand', 'none'],
];

/** The options of spec 6.2 as arguments; `PubkeyAuthentication` flips once the guest knows a key of ours. */
export function sshOptions({ privateKey }: Pick<SshTarget, 'privateKey'>, verbose: boolean): string[] {
  return [
    ...asArguments([
      ...OPTIONS,
      ['PubkeyAuthentication', privateKey === undefined ? 'no' : 'yes'],
      ['LogLevel', verbose ? 'INFO' : 'ERROR'],
      ...DEFAULTS,
    ]),
    ...(privateKey === undefined ? [] : onlyThisKey(privateKey)),
  ];
}

/** An agent offers all that it holds first, and after six keys the server hangs up. */
function onlyThisKey(privateKey: string): string[] {
  return ['-i', privateKey, ...asArguments([['IdentitiesOnly', 'yes']])];
}

function asArguments(options: readonly (readonly [string, string])[]): string[] {
  return options.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/**
 * What follows `--`, as the remote shell must read it (D12): one word is a command line of its own,
 * several words keep their boundaries. undefined asks for a login shell.
 */
export function remoteCommand(words: readonly string[]): string | undefined {
  if (words.length <= 1) return words[0];
  return words.map(quote).join(' ');
}

export function createSsh(runner: Runner, verbose: boolean): Ssh {
  // The password travels in the environment alone (D4).
  const sshpass = (target: SshTarget, ...args: string[]) => ({
    program: 'sshpass',
    args: ['-e', ...args],
    env: { ...ENVIRONMENT, SSHPASS: target.password },
  });
  const ssh = (target: SshTarget, ...flags: string[]) => {
    const own = [...sshOptions(target, verbose), ...asArguments([['RemoteCommand', 'none']]), '-p', String(target.port)];
    // `--` ends ssh's own options: a command that begins with a dash stays a command.
    return ['ssh', ...own, ...flags, '-l', target.user, '--', target.address];
  };
  return {
    banner: (address, port, signal) => readBanner(address, port, BANNER_TIMEOUT_MS, signal),
    interactive(target, { command, terminal }) {
      return runner.attach(sshpass(target, ...ssh(target, terminal ? '-t' : '-T'), ...(command === undefined ? [] : [command])));
    },
    run: (target, command, options) => runner.run({ ...sshpass(target, ...ssh(target, '-T'), command), ...options }),
    copy(target, files, folder) {
      const destination = `${target.user}@${target.address}:${folder}/`;
      return runner.run({
        ...sshpass(target, 'scp', '-p', ...sshOptions(target, verbose), '-P', String(target.port), '--', ...files, destination),
        timeoutMs: COPY_TIMEOUT_MS,
      });
    },
    async acceptsKey(target) {
      const [program = '', ...args] = ssh(target, '-T');
      // The first of two values counts.
      const command = { program, args: ['-o', 'BatchMode=yes', ...args, 'true'], env: ENVIRONMENT, timeoutMs: LOGIN_TIMEOUT_MS };
      const { code, timedOut } = await runner.run(command);
      return code === 0 && !timedOut;
    },
    installKey(target, publicKey) {
      // It looks first whether the key works already, which needs public keys allowed.
      const onlyThisKey = asArguments([
        ['IdentityFile', publicKey],
        ['IdentitiesOnly', 'yes'],
      ]);
      const options = [...asArguments([...OPTIONS, ...DEFAULTS]), ...onlyThisKey];
      const args = ['ssh-copy-id', '-i', publicKey, ...options, '-p', String(target.port), `${target.user}@${target.address}`];
      return runner.run({ ...sshpass(target, ...args), timeoutMs: KEY_TIMEOUT_MS });
    },
  };
}

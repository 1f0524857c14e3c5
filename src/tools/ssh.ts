import { type Banner, readBanner } from '../system/banner.ts';
import type { Runner } from '../system/runner.ts';

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface Ssh {
  /** Gives the session rusta's own terminal; the remote exit code, or 255 for ssh's own failures, 5 for a refused password. */
  session(
    target: SshTarget,
    options: { readonly command?: string | undefined; readonly terminal: boolean; readonly verbose: boolean },
  ): Promise<number>;
  /** The server's first line: says that sshd is up without a login. */
  banner(address: string, port: number, signal: AbortSignal): Promise<Banner>;
}

const BANNER_TIMEOUT_MS = 3_000;

/** Spec 6.2. */
const OPTIONS: readonly (readonly [string, string])[] = [
  ['StrictHostKeyChecking', 'no'],
  ['UserKnownHostsFile', '/dev/null'],
  ['PubkeyAuthentication', 'no'],
  ['ConnectTimeout', '10'],
  ['ServerAliveInterval', '30'],
  ['ServerAliveCountMax', '120'],
];

export function sshOptions(verbose: boolean): string[] {
  const all = [...OPTIONS, ['LogLevel', verbose ? 'INFO' : 'ERROR'] as const];
  return all.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/**
 * What follows `--`, as the remote shell must read it (design D12): one word is a command line of its own,
 * several words keep their boundaries. undefined asks for a login shell.
 */
export function remoteCommand(words: readonly string[]): string | undefined {
  if (words.length <= 1) return words[0];
  return words.map(quote).join(' ');
}

/** One word for a POSIX shell. */
export function quote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

export function createSsh(runner: Runner): Ssh {
  return {
    banner: (address, port, signal) => readBanner(address, port, BANNER_TIMEOUT_MS, signal),
    session(target, { command, terminal, verbose }) {
      const port = target.port === 22 ? [] : ['-p', String(target.port)];
      const tty = terminal ? ['-t'] : ['-T'];
      return runner.attach({
        program: 'sshpass',
        // `--` ends ssh's own options: a user named `-x` or a command that begins with a dash stays data.
        args: [
          '-e',
          'ssh',
          ...sshOptions(verbose),
          ...port,
          ...tty,
          '-l',
          target.user,
          '--',
          target.address,
          ...(command === undefined ? [] : [command]),
        ],
        env: { SSHPASS: target.password },
      });
    },
  };
}

import { type Conversation, dial, type Unanswered } from '../../system/network/dial.ts';
import { type Finished, USERS_PROGRAM_MS } from '../../system/programs/command.ts';
import type { Runner } from '../../system/programs/runner.ts';
import { quote } from '../../text/shell.ts';
import { LOG_VERBOSE, rejectionIn, reportOf, type SshReport } from './log.ts';
import { withLog } from './log-file.ts';
import { asArguments, copyIdOptions, SESSION_OPTIONS, sshOptions } from './options.ts';
import { controlShared, replaceIfHanging } from './shared.ts';

export interface SshTarget {
  readonly address: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** A private key that the guest knows; undefined means passwords alone (spec 6.2). */
  readonly privateKey: string | undefined;
  /** Carries the bytes if the address cannot be reached: a command line of the user's shell, `%` doubled. undefined connects to the address. */
  readonly proxyCommand: string | undefined;
}

interface SessionOptions {
  /** undefined asks for a login shell. */
  readonly command: string | undefined;
  readonly terminal: boolean;
  /** The socket of a connection to this target, which is used if it is open and else opened for later commands. */
  readonly shared: string | undefined;
}

interface SshRunOptions {
  readonly timeoutMs: number;
  /** Text that the command reads, perhaps a secret. Without it stdin is empty. */
  readonly input?: string;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

interface Start extends Pick<SessionOptions, 'command' | 'shared'> {
  readonly log: string | undefined;
  readonly flags: readonly string[];
}

/** A program over ssh that has ended. */
export interface SshFinished extends Finished, Pick<SshReport, 'refused'> {}

/** A session that has ended: the remote exit code, or 255 for ssh's own failures, 5 for a refused password. */
export interface SshEnded extends SshReport {
  readonly code: number;
}

/** The same with the output of the remote command; `lines` has the messages of ssh itself. */
export interface SshCaptured extends SshEnded, Pick<Finished, 'stdout' | 'stderr'> {}

export interface Ssh {
  /** Gives the session rusta's own terminal. */
  interactive(target: SshTarget, options: SessionOptions): Promise<SshEnded>;
  /** Runs a command line with rusta's own stdin, however long it takes, and collects its output. */
  capture(target: SshTarget, command: string): Promise<SshCaptured>;
  /** Ends a shared connection, and all that runs over it. */
  endShared(socket: string): Promise<void>;
  /** Makes a shared connection take no more commands. */
  retireShared(socket: string): Promise<void>;
  /** Runs a command line in the remote shell. Resolves with its exit code, or ssh's own as above; its stderr begins with ssh's own messages. */
  run(target: SshTarget, command: string, options: SshRunOptions): Promise<SshFinished & SshReport>;
  /** Copies files into a folder of the guest, relative to the user's home, keeping their permissions. */
  copy(target: SshTarget, files: readonly string[], folder: string): Promise<SshFinished>;
  /** Adds a public key to the guest's authorized_keys, once. */
  installKey(target: SshTarget, publicKey: string): Promise<SshFinished>;
  /** Logs in by a `Host` of the user's config as any other program does, and asks nobody. */
  tryHost(host: string): Promise<SshFinished>;
  /** Returns what ssh itself makes of its config for a host name, `name value` a line. */
  effectiveConfig(host: string): Promise<Finished>;
  /** Connects to the server at this address, and waits up to `timeoutMs` for its first line. */
  dial(address: string, port: number, timeoutMs: number, signal: AbortSignal): Promise<Conversation | Unanswered>;
}

/** The exit code of sshpass when the password is refused. */
export const WRONG_PASSWORD = 5;

const COPY_TIMEOUT_MS = 120_000;
const KEY_TIMEOUT_MS = 60_000;
const LOGIN_TIMEOUT_MS = 20_000;
const CONFIG_TIMEOUT_MS = 10_000;

/** A desktop's dialog would bypass the terminal on which sshpass answers. */
const ENVIRONMENT = { SSH_ASKPASS_REQUIRE: 'never' };

/**
 * Returns the words after `--` as the remote shell must read them (D12): one word is a command line of its own, several words keep their
 * boundaries. undefined asks for a login shell.
 */
export function remoteCommand(words: readonly string[]): string | undefined {
  if (words.length <= 1) return words[0];
  return words.map(quote).join(' ');
}

/** Makes the adapter. ssh's own messages are kept for a moment in files whose names begin with `logFile`. */
export function createSsh(runner: Runner, verbose: boolean, logFile: string): Ssh {
  // The password travels in the environment alone (D4).
  const sshpass = (target: SshTarget, ...args: string[]) => ({
    program: 'sshpass',
    args: ['-e', ...args],
    env: { ...ENVIRONMENT, SSHPASS: target.password },
  });
  const ssh = (target: SshTarget, { log, flags, command, shared }: Start) => {
    const own = [...sshOptions({ ...target, shared }, verbose), ...asArguments(SESSION_OPTIONS), '-p', String(target.port)];
    const logged = log === undefined ? [] : ['-E', log, ...asArguments([['LogVerbose', LOG_VERBOSE]])];
    // `--` ends ssh's own options: a command that begins with a dash stays a command.
    const words = [...own, ...logged, ...flags, '-l', target.user, '--', target.address];
    return sshpass(target, 'ssh', ...words, ...(command === undefined ? [] : [command]));
  };
  const plain = (args: string[], timeoutMs: number) => runner.run({ program: 'ssh', args, env: ENVIRONMENT, timeoutMs });
  const finished = (result: Finished): SshFinished => ({
    ...result,
    refused: result.code === 0 || result.timedOut ? undefined : rejectionIn(result.stderr),
  });
  return {
    dial,
    async interactive(target, { command, terminal, shared }) {
      if (shared !== undefined) await replaceIfHanging(runner, shared);
      return withLog(logFile, async (log, read) => {
        const code = await runner.attach(ssh(target, { log, flags: [terminal ? '-t' : '-T'], command, shared }));
        return { code, ...reportOf(code, read()) };
      });
    },
    capture: (target, command) =>
      withLog(logFile, async (log, read) => {
        const start = ssh(target, { log, flags: ['-T'], command, shared: undefined });
        const { code, stdout, stderr } = await runner.run({ ...start, timeoutMs: USERS_PROGRAM_MS, ownInput: true });
        return { code, stdout, stderr, ...reportOf(code, read()) };
      }),
    endShared: (socket) => controlShared(runner, socket, 'exit'),
    retireShared: (socket) => controlShared(runner, socket, 'stop'),
    run: (target, command, options) =>
      withLog(logFile, async (log, read) => {
        const result = await runner.run({ ...ssh(target, { log, flags: ['-T'], command, shared: undefined }), ...options });
        const report = reportOf(result.code, read());
        return { ...result, ...report, stderr: [...report.lines, result.stderr].join('\n') };
      }),
    async copy(target, files, folder) {
      const destination = `${target.user}@${target.address}:${folder}/`;
      const options = ['-p', ...sshOptions(target, verbose), '-P', String(target.port)];
      return finished(await runner.run({ ...sshpass(target, 'scp', ...options, '--', ...files, destination), timeoutMs: COPY_TIMEOUT_MS }));
    },
    async installKey(target, publicKey) {
      const options = [...copyIdOptions(target, publicKey), '-p', String(target.port)];
      const args = ['ssh-copy-id', '-i', publicKey, ...options, `${target.user}@${target.address}`];
      return finished(await runner.run({ ...sshpass(target, ...args), timeoutMs: KEY_TIMEOUT_MS }));
    },
    tryHost: async (host) => finished(await plain(['-o', 'BatchMode=yes', '-T', '--', host, 'true'], LOGIN_TIMEOUT_MS)),
    effectiveConfig: (host) => plain(['-G', '--', host], CONFIG_TIMEOUT_MS),
  };
}

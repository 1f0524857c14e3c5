import { type CapturedCommand, type Finished, succeeded } from '../system/programs/command.ts';
import { failure, type Runner } from '../system/programs/runner.ts';
import { type Lease, parseLeases } from './dhcp-leases.ts';
import { unreadable } from './unreadable.ts';

const TIMEOUT_MS = 5_000;

export type Keychain = 'unlocked' | 'locked' | 'missing';

export interface Volume {
  readonly path: string;
  /** 10^9 bytes */
  readonly freeGb: number;
}

/** The programs of macOS that tell about it. They change nothing. Throws RustaError if they fail, or their output cannot be read. */
export interface MacOs {
  /** Returns the version, e.g. `15.7.3`. */
  version(): Promise<string>;
  /** Tells whether this macOS can run VMs: it cannot if it is a VM itself. */
  canVirtualize(): Promise<boolean>;
  /** Returns the kind of session. It is `Aqua` where a person sits before the Mac: a locked keychain opens a dialog there when it is asked. */
  session(): Promise<string>;
  loginKeychain(): Promise<Keychain>;
  /** Returns the interface that leads to an address; undefined if the routing table has none. */
  interfaceTo(address: string): Promise<string | undefined>;
  /** Returns the leases of the DHCP server; none if it never ran. */
  leases(): Promise<readonly Lease[]>;
  /** Returns the disk beneath a path; undefined if there is no such path. Asks a program, because a call to a disk that is gone may hang. */
  volume(path: string): Promise<Volume | undefined>;
}

export function createMacOs(runner: Runner): MacOs {
  const command = (program: string, ...args: string[]): CapturedCommand => ({ program, args, timeoutMs: TIMEOUT_MS });
  const word = async (pattern: RegExp, program: string, ...args: string[]) => {
    const answer = (await runner.check(command(program, ...args))).stdout.trim();
    if (!pattern.test(answer)) throw unreadable(program, answer);
    return answer;
  };
  return {
    version: () => word(/^\d+(\.\d+)*$/, 'sw_vers', '-productVersion'),
    canVirtualize: async () => (await word(/^[01]$/, 'sysctl', '-n', 'kern.hv_support')) === '1',
    session: () => word(/^\w+$/, 'launchctl', 'managername'),
    async loginKeychain() {
      const security = command('security', 'show-keychain-info', 'login.keychain');
      const answer = await runner.run(security);
      if (succeeded(answer)) return 'unlocked';
      if (!answer.timedOut && /User interaction is not allowed/i.test(answer.stderr)) return 'locked';
      if (!answer.timedOut && /could not be found/i.test(answer.stderr)) return 'missing';
      throw failure(security, answer);
    },
    async interfaceTo(address) {
      const { stdout } = await runner.run(command('route', '-n', 'get', address));
      return /^\s*interface:\s*(\S+)/m.exec(stdout)?.[1];
    },
    async leases() {
      const cat = command('cat', '/var/db/dhcpd_leases');
      return parseLeases((await unlessAbsent(runner, cat))?.stdout ?? '');
    },
    async volume(path) {
      const answer = await unlessAbsent(runner, command('df', '-Pk', path));
      if (answer === undefined) return undefined;
      const freeGb = parseFreeGb(answer.stdout);
      if (freeGb === undefined) throw unreadable('df', answer.stdout);
      return { path, freeGb };
    },
  };
}

/** Returns the fourth column of `df -Pk`, in units of 1,024 bytes. Names of volumes may hold spaces, so columns are found by their shape. */
export function parseFreeGb(table: string): number | undefined {
  const row = table.trim().split('\n').at(-1) ?? '';
  const free = /\s\d+\s+\d+\s+(-?\d+)\s+\d+%\s/.exec(row)?.[1];
  return free === undefined ? undefined : (Number(free) * 1_024) / 1e9;
}

/** Runs a program that reads a path; returns undefined if there is no such path. */
async function unlessAbsent(runner: Runner, command: CapturedCommand): Promise<Finished | undefined> {
  const answer = await runner.run(command);
  if (succeeded(answer)) return answer;
  if (!answer.timedOut && /No such file/i.test(answer.stderr)) return undefined;
  throw failure(command, answer);
}

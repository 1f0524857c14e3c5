import { succeeded } from '../system/programs/command.ts';
import { failure, type Runner } from '../system/programs/runner.ts';

const TIMEOUT_MS = 5_000;

export type Keychain = 'unlocked' | 'locked' | 'missing';

/** A lease of the DHCP server that macOS runs for VMs. */
export interface Lease {
  readonly address: string;
  /** Seconds since 1970. */
  readonly expires: number;
}

export interface Volume {
  readonly path: string;
  /** 10^9 bytes */
  readonly freeGb: number;
}

/** The programs of macOS that tell about it. They only look. Throws ToolError. */
export interface MacOs {
  /** e.g. `15.7.3` */
  version(): Promise<string>;
  /** False in a macOS that is a VM itself: it cannot run any. */
  canVirtualize(): Promise<boolean>;
  /** `Aqua` where a person sits before it; there a locked keychain asks, and asking would open a dialog. */
  session(): Promise<string>;
  loginKeychain(): Promise<Keychain>;
  /** The interface that leads to an address, undefined where the routing table has none. */
  interfaceTo(address: string): Promise<string | undefined>;
  /** What the DHCP server gave away; none where it never ran. */
  leases(): Promise<readonly Lease[]>;
  /** The disk beneath a path, undefined where there is no such path. A program, for a disk that is gone may let the question itself hang. */
  volume(path: string): Promise<Volume | undefined>;
}

export function createMacOs(runner: Runner): MacOs {
  const command = (program: string, ...args: string[]) => ({ program, args, timeoutMs: TIMEOUT_MS });
  const first = async (program: string, ...args: string[]) => (await runner.check(command(program, ...args))).stdout.trim();
  return {
    version: () => first('sw_vers', '-productVersion'),
    canVirtualize: async () => (await first('sysctl', '-n', 'kern.hv_support')) !== '0',
    session: () => first('launchctl', 'managername'),
    async loginKeychain() {
      const answer = await runner.run(command('security', 'show-keychain-info', 'login.keychain'));
      if (succeeded(answer)) return 'unlocked';
      return /could not be found/i.test(answer.stderr) ? 'missing' : 'locked';
    },
    async interfaceTo(address) {
      const { stdout } = await runner.run(command('route', '-n', 'get', address));
      return /^\s*interface:\s*(\S+)/m.exec(stdout)?.[1];
    },
    async leases() {
      const answer = await runner.run(command('cat', LEASES_FILE));
      return succeeded(answer) ? parseLeases(answer.stdout) : [];
    },
    async volume(path) {
      const df = command('df', '-Pk', path);
      const answer = await runner.run(df);
      if (answer.timedOut) throw failure(df, answer);
      const freeGb = succeeded(answer) ? parseFreeGb(answer.stdout) : undefined;
      return freeGb === undefined ? undefined : { path, freeGb };
    },
  };
}

export const LEASES_FILE = '/var/db/dhcpd_leases';

/** Blocks of `key=value` in braces; what lacks an address or an end is left out. */
export function parseLeases(text: string): Lease[] {
  return [...text.matchAll(/\{([^}]*)\}/g)].flatMap(([, block = '']) => {
    const address = /^\s*ip_address=(\S+)\s*$/m.exec(block)?.[1];
    const expires = /^\s*lease=(0x[0-9a-f]+|\d+)\s*$/im.exec(block)?.[1];
    return address === undefined || expires === undefined ? [] : [{ address, expires: Number(expires) }];
  });
}

/** The fourth column of `df -Pk`, in units of 1,024 bytes; a name of a volume may hold spaces, so the columns are found by their shape. */
export function parseFreeGb(table: string): number | undefined {
  const row = table.trim().split('\n').at(-1) ?? '';
  const free = /\s\d+\s+\d+\s+(-?\d+)\s+\d+%\s/.exec(row)?.[1];
  return free === undefined ? undefined : (Number(free) * 1_024) / 1e9;
}

import { join } from 'node:path';
import { ToolError } from '../../errors.ts';
import { removeFile } from '../../system/files/files.ts';
import type { Lock } from '../../system/files/lock.ts';
import { type CapturedCommand, type Finished, succeeded, USERS_PROGRAM_MS } from '../../system/programs/command.ts';
import type { Detached } from '../../system/programs/detached.ts';
import { failure, type Runner } from '../../system/programs/runner.ts';
import { firstLine } from '../../text/lines.ts';
import { unreadable } from '../unreadable.ts';
import { type Inventory, parseInventory, type Vm } from './list.ts';
import { dirFlag, type SharedFolder } from './shared-folders.ts';

/** Milliseconds. Downloads of images take as long as the network lets them. */
const BOUNDS = { query: 30_000, clone: 4 * 3_600_000, change: 60_000, stop: 45_000, ip: 10_000 } as const;

/** The devices of a boot beside the VM's own. */
interface Devices {
  readonly window: boolean;
  readonly folders: readonly SharedFolder[];
}

export type IpResolver = 'dhcp' | 'agent' | 'arp';

/** An IPv4 address, or the words of Tart if there is none. */
export type IpAnswer = { readonly address: string } | { readonly said: string };

export interface Resources {
  readonly cpus: number;
  /** MiB */
  readonly memoryMb: number;
  /** GB (10^9 bytes) */
  readonly diskGb: number;
}

interface ExecOptions {
  readonly timeoutMs: number;
  /** A file on the host that the guest program reads as its standard input. */
  readonly stdinFile?: string;
  /** Text that it reads instead; it may be a secret. */
  readonly input?: string;
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly signal?: AbortSignal;
}

/** Sizes to change; those left out stay. */
export type Sizes = { readonly [K in keyof Resources]?: Resources[K] | undefined };

/** The `tart` program, which docs/tart.md describes: values in, values out. What to do about them is not decided here. */
export interface Tart {
  /** Returns the version, e.g. `2.36.0`, or `SNAPSHOT` for one that somebody built. Touches no file. Throws RustaError. */
  version(): Promise<string>;
  /** Lists the local VMs in Tart's order. */
  list(): Promise<readonly Vm[]>;
  /** Lists the local VMs, and the images in the cache. */
  inventory(): Promise<Inventory>;
  /**
   * Clones an image. Replaces an existing VM without a word (docs/tart.md, trap 1): look first, under the VM's lock. If rusta is killed,
   * the clone goes on and holds the locks until it ends.
   */
  clone(source: string, vm: string, locks: readonly Lock[], onLine: (line: string) => void): Promise<void>;
  /** Copies a VM in the same way. Throws away no cached image for it, because the copy needs no space yet. */
  copy(source: string, vm: string, locks: readonly Lock[]): Promise<void>;
  /** Sets the given sizes of a VM. A disk only grows. */
  set(vm: string, sizes: Sizes): Promise<void>;
  /** Starts `tart run` in a session of its own. */
  run(vm: string, devices: Devices, logFile: string): Detached;
  /** Runs a guest program without a shell. Its exit code may also be Tart's own (docs/tart.md, trap 8). */
  exec(vm: string, argv: readonly string[], options: ExecOptions): Promise<Finished>;
  /** Gives a guest program rusta's own streams, and a terminal where there is one; resolves with its exit code, or Tart's own. */
  session(vm: string, argv: readonly string[], options: { readonly terminal: boolean; readonly signal?: AbortSignal }): Promise<number>;
  /** Runs a guest program with rusta's own stdin, and collects all that it prints. */
  capture(vm: string, argv: readonly string[], timeoutMs?: number): Promise<Finished>;
  /** Joins a guest program to standard input and output, byte for byte. Resolves with its exit code, or Tart's own. */
  pipe(vm: string, argv: readonly string[]): Promise<number>;
  /** Returns the IPv4 address, or what Tart says if there is none yet. It may be stale (docs/tart.md, trap 13). */
  ip(vm: string, resolver?: IpResolver, signal?: AbortSignal): Promise<IpAnswer>;
  /** Cuts the power. */
  stop(vm: string): Promise<void>;
  delete(vm: string): Promise<void>;
}

export function createTart(runner: Runner, tartHome: string): Tart {
  const tart = (...args: string[]) => ({ program: 'tart', args });
  return {
    async version() {
      const version = (await runner.check({ ...tart('--version'), timeoutMs: BOUNDS.query })).stdout.trim();
      if (/^(\d+\.\d+\S*|SNAPSHOT)$/.test(version)) return version;
      throw unreadable('tart --version', version);
    },
    list: async () => (await inventory(runner)).vms,
    inventory: () => inventory(runner),
    async clone(source, vm, locks, onLine) {
      // CI keeps cursor movements out of the progress.
      const command = { ...cloneCommand(source, vm, locks), env: { CI: '1' }, onLine };
      await checkTwice(() => runner.check(command));
    },
    async copy(source, vm, locks) {
      // Tart obeys TART_NO_AUTO_PRUNE whatever its value (docs/tart.md, trap 23).
      const command = { ...cloneCommand(source, vm, locks), env: { TART_NO_AUTO_PRUNE: '1' } };
      await checkTwice(() => runner.check(command));
    },
    async set(vm, { cpus, memoryMb, diskGb }) {
      const flags = { '--cpu': cpus, '--memory': memoryMb, '--disk-size': diskGb };
      const sizes = Object.entries(flags).flatMap(([flag, size]) => (size === undefined ? [] : [flag, String(size)]));
      await runner.check({ ...tart('set', vm, ...sizes), timeoutMs: BOUNDS.change });
    },
    run(vm, { window, folders }, logFile) {
      // The last run's socket would make exec fail for good (docs/tart.md, trap 2). No process listens on it while the VM is off.
      removeFile(join(tartHome, 'vms', vm, 'control.sock'));
      return runner.detach(tart('run', vm, ...(window ? [] : ['--no-graphics']), ...folders.flatMap(dirFlag)), logFile);
    },
    exec(vm, argv, options) {
      const reads = options.stdinFile !== undefined || options.input !== undefined;
      return runner.run({ ...tart('exec', ...(reads ? ['-i'] : []), vm, ...argv), ...options });
    },
    session: (vm, argv, { terminal, signal }) => {
      const words = tart('exec', '-i', ...(terminal ? ['-t'] : []), vm, ...argv);
      return runner.attach({ ...words, ...(signal === undefined ? {} : { signal }) });
    },
    capture: (vm, argv, timeoutMs = USERS_PROGRAM_MS) =>
      runner.run({ ...tart('exec', '-i', vm, ...argv), timeoutMs, ownInput: true, stopSignal: 'SIGINT' }),
    pipe: (vm, argv) => runner.attach({ ...tart('exec', '-i', vm, ...argv), isLogged: false }),
    async ip(vm, resolver, signal) {
      const extra = resolver === undefined ? [] : ['--resolver', resolver];
      const { code, stdout, stderr, timedOut } = await runner.run({
        ...tart('ip', vm, ...extra),
        timeoutMs: BOUNDS.ip,
        ...(signal && { signal }),
      });
      const address = stdout.trim();
      if (code === 0 && /^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return { address };
      if (timedOut) return { said: "'tart ip' did not answer" };
      return { said: firstLine(stderr) ?? `'tart ip' gave none (exit ${code})` };
    },
    async stop(vm) {
      await runner.check({ ...tart('stop', vm), timeoutMs: BOUNDS.stop });
    },
    async delete(vm) {
      await runner.check({ ...tart('delete', vm), timeoutMs: BOUNDS.change });
    },
  };
}

/** Makes the command of a clone. SIGINT lets Tart remove its half download. */
function cloneCommand(source: string, vm: string, locks: readonly Lock[]): CapturedCommand {
  const descriptors = locks.map(({ fd }) => fd);
  return { program: 'tart', args: ['clone', source, vm], timeoutMs: BOUNDS.clone, stopSignal: 'SIGINT', descriptors };
}

/** Runs a clone, and once more if a VM vanished that it only looked at. */
async function checkTwice(clone: () => Promise<Finished>): Promise<void> {
  await clone().catch((error: unknown) => {
    if (error instanceof ToolError && vmVanished(error.stderr)) return clone();
    throw error;
  });
}

/** Tells whether a VM vanished while `list` or `clone`, which read every VM, ran (docs/tart.md, trap 25): the next try succeeds. */
function vmVanished(stderr: string): boolean {
  return stderr.includes('couldn’t be opened');
}

async function inventory(runner: Runner): Promise<Inventory> {
  const command = { program: 'tart', args: ['list', '--format', 'json'], timeoutMs: BOUNDS.query };
  for (let attempt = 1; ; attempt += 1) {
    const finished = await runner.run(command);
    if (succeeded(finished)) return parseInventory(finished.stdout);
    if (attempt === 2 || finished.timedOut || !vmVanished(finished.stderr)) throw failure(command, finished);
  }
}

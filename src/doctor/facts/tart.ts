import { RustaError } from '../../errors.ts';
import { whyNotReplaceable } from '../../system/files/atomic.ts';
import { tapOfProgram, trustedByHomebrew } from '../../tools/homebrew/origin.ts';
import type { Volume } from '../../tools/macos.ts';
import { spaceWithPurgeable } from '../../tools/purgeable-space.ts';
import type { Vm } from '../../tools/tart/list.ts';
import { unreadable } from '../../tools/unreadable.ts';
import { isHang } from '../bounded.ts';
import type { Looks } from './look.ts';

export interface TartFacts {
  readonly isInstalled: boolean;
  /** The version as `tart --version` prints it: `2.36.0`. */
  readonly version: string | undefined;
  /** The tap from which Homebrew installed it; undefined if Homebrew did not. */
  readonly tap: string | undefined;
  /** Whether Homebrew would load Tart's formula and its dependencies; undefined before Homebrew 6, which trusts every tap. */
  readonly isTrusted: boolean | undefined;
  /** The VMs; undefined if Tart is not installed or did not answer. */
  readonly vms: readonly Vm[] | undefined;
  /** Why Tart did not list its VMs, or would not; undefined if it did, or hung. */
  readonly listFailure: string | undefined;
  /** Milliseconds that the list took. */
  readonly listMs: number;
  /** The folder of its VMs, and the disk beneath. */
  readonly home: string;
  readonly volume: Volume | undefined;
  /** The disk does not answer: a look for a file there would wait too. */
  readonly isHomeHanging: boolean;
}

/** GB (10^9 bytes) below which macOS itself has no room, and the disks of VMs cannot grow. */
export const FULL_GB = 5;

/** The first major version of Homebrew that refuses taps which nobody trusts. */
const TRUST_SINCE = 6;

const ABSENT = {
  isInstalled: false,
  version: undefined,
  tap: undefined,
  isTrusted: undefined,
  vms: undefined,
  listFailure: undefined,
  listMs: 0,
} as const;

export async function collectTart(looks: Looks): Promise<TartFacts> {
  const { app, runner, tart, look } = looks;
  const home = app.paths.tartHome;
  const path = runner.which('tart');
  if (path === undefined) return { ...ABSENT, home, ...(await diskOf(looks, home)) };
  const tap = tapOfProgram(path);
  const [version, isTrusted, vms] = await Promise.all([
    look(() => tart.version()),
    tap === undefined ? undefined : look(() => isTapTrusted(looks, tap)),
    diskOf(looks, home).then(async (disk) => ({ ...disk, ...(await listVms(looks, disk)) })),
  ]);
  return { isInstalled: true, version, tap, isTrusted, home, ...vms };
}

type Disk = Pick<TartFacts, 'volume' | 'isHomeHanging'>;
type List = Pick<TartFacts, 'vms' | 'listFailure' | 'listMs'>;

/** Lists the VMs; none without a folder, which Tart would make, unless it could not: its disk may not be mounted. */
async function listVms({ app, tart }: Looks, { volume, isHomeHanging }: Disk): Promise<List> {
  if (isHomeHanging) return { vms: undefined, listFailure: undefined, listMs: 0 };
  const home = app.paths.tartHome;
  if (volume !== undefined && volume.path !== home) {
    const refusal = whyNotReplaceable(home);
    if (refusal === undefined) return { vms: [], listFailure: undefined, listMs: 0 };
    return { vms: undefined, listFailure: `${home} is not there, and cannot be made (${refusal})`, listMs: 0 };
  }
  const started = app.clock.now();
  try {
    const vms = await tart.list();
    return { vms, listFailure: undefined, listMs: app.clock.now() - started };
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
    return { vms: undefined, listFailure: isHang(error) ? undefined : error.message, listMs: 0 };
  }
}

/** Returns the disk of the folder, or of the user's home if Tart has yet to make the folder. Space that macOS would purge counts as free. */
async function diskOf({ app, runner, macos, look }: Looks, home: string): Promise<Disk> {
  let isHomeHanging = false;
  const volumeOfHome = () =>
    macos.volume(home).catch((error: unknown) => {
      isHomeHanging = isHang(error);
      throw error;
    });
  const volume = await look(async () => {
    const volume = (await volumeOfHome()) ?? (await macos.volume(app.env['HOME'] ?? '/'));
    if (volume === undefined || volume.freeGb >= FULL_GB) return volume;
    const withPurgeable = await spaceWithPurgeable(runner, volume.path);
    return withPurgeable === undefined ? volume : { ...volume, freeGb: withPurgeable / 1e9 };
  });
  return { volume, isHomeHanging };
}

async function isTapTrusted({ app, runner }: Looks, tap: string): Promise<boolean | undefined> {
  if (runner.which('brew') === undefined) return undefined;
  const { stdout } = await runner.check({ program: 'brew', args: ['--version'], timeoutMs: 10_000 });
  const major = /^Homebrew (\d+)/.exec(stdout)?.[1];
  if (major === undefined) throw unreadable('brew --version', stdout);
  if (Number(major) < TRUST_SINCE || app.env['HOMEBREW_NO_REQUIRE_TAP_TRUST']) return undefined;
  const trusted = trustedByHomebrew(app.env);
  return trusted.includes(tap) || ['tart', 'softnet'].every((formula) => trusted.includes(`${tap}/${formula}`));
}

import { RustaError } from '../../errors.ts';
import { tapOfProgram, trustedByHomebrew } from '../../tools/homebrew-origin.ts';
import type { Volume } from '../../tools/macos.ts';
import { spaceWithPurgeable } from '../../tools/purgeable-space.ts';
import type { Vm } from '../../tools/tart-list.ts';
import type { Looks } from './look.ts';

export interface TartFacts {
  readonly isInstalled: boolean;
  /** As `tart --version` says it: `2.36.0`. */
  readonly version: string | undefined;
  /** Where Homebrew got it from; undefined where Homebrew did not install it. */
  readonly tap: string | undefined;
  /** Whether Homebrew would load Tart's formula and what it depends on; undefined before Homebrew 6, which trusts every tap. */
  readonly isTrusted: boolean | undefined;
  /** undefined where Tart is not installed or did not tell. */
  readonly vms: readonly Vm[] | undefined;
  /** Why Tart did not list its VMs. */
  readonly listFailure: string | undefined;
  /** Where it keeps them, and the disk beneath; undefined where the disk does not answer. */
  readonly home: string;
  readonly volume: Volume | undefined;
}

/** Below this macOS itself has no room, and the disks of VMs cannot grow. 10^9 bytes */
export const FULL_GB = 5;

/** The first Homebrew that refuses taps which nobody trusts. */
const TRUST_SINCE = 6;

const ABSENT = {
  isInstalled: false,
  version: undefined,
  tap: undefined,
  isTrusted: undefined,
  vms: undefined,
  listFailure: undefined,
} as const;

export async function collectTart(looks: Looks): Promise<TartFacts> {
  const { app, runner, tart, look } = looks;
  const home = app.paths.tartHome;
  const path = runner.which('tart');
  if (path === undefined) return { ...ABSENT, home, volume: await volumeOf(looks, home) };
  const tap = tapOfProgram(path);
  const [version, isTrusted, list, volume] = await Promise.all([
    look(() => tart.version()),
    tap === undefined ? undefined : look(() => isTapTrusted(looks, tap)),
    listVms(looks),
    volumeOf(looks, home),
  ]);
  return { isInstalled: true, version, tap, isTrusted, ...list, home, volume };
}

async function listVms({ tart }: Looks): Promise<Pick<TartFacts, 'vms' | 'listFailure'>> {
  try {
    return { vms: await tart.list(), listFailure: undefined };
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
    return { vms: undefined, listFailure: error.message };
  }
}

/** The disk of the folder, or of the user's home where Tart has yet to make the folder. What macOS would purge counts as free. */
function volumeOf({ app, runner, macos, look }: Looks, home: string): Promise<Volume | undefined> {
  return look(async () => {
    const volume = (await macos.volume(home)) ?? (await macos.volume(app.env['HOME'] ?? '/'));
    if (volume === undefined || volume.freeGb >= FULL_GB) return volume;
    const withPurgeable = await spaceWithPurgeable(runner, volume.path);
    return withPurgeable === undefined ? volume : { ...volume, freeGb: withPurgeable / 1e9 };
  });
}

async function isTapTrusted({ app, runner }: Looks, tap: string): Promise<boolean | undefined> {
  if (runner.which('brew') === undefined) return undefined;
  const { stdout } = await runner.check({ program: 'brew', args: ['--version'], timeoutMs: 10_000 });
  const major = Number(/Homebrew (\d+)/.exec(stdout)?.[1]);
  if (!(major >= TRUST_SINCE) || app.env['HOMEBREW_NO_REQUIRE_TAP_TRUST']) return undefined;
  const trusted = trustedByHomebrew(app.env);
  return trusted.includes(tap) || ['tart', 'softnet'].every((formula) => trusted.includes(`${tap}/${formula}`));
}

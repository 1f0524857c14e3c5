import { readEnvironment } from '../../system/environment.ts';
import type { Runner } from '../../system/programs/runner.ts';
import { homebrewFolder } from '../../tools/homebrew/path.ts';
import { hostArchitecture } from '../../tools/host.ts';
import type { Keychain } from '../../tools/macos.ts';
import { unreadable } from '../../tools/unreadable.ts';
import type { Looks } from './look.ts';

export interface HostFacts {
  /** The architecture as `uname -m` prints it. */
  readonly machine: string | undefined;
  readonly macos: string | undefined;
  readonly canVirtualize: boolean | undefined;
  /** The login keychain; undefined if macOS would ask a person to unlock it, because nothing fails then. */
  readonly keychain: Keychain | undefined;
  /** Path of `brew`; undefined if there is none. */
  readonly brew: string | undefined;
  /** The folder of its programs, and whether the user's own PATH has that. */
  readonly brewFolder: string;
  readonly isBrewOnPath: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** Names of variables on which every program made with Bun acts. */
  readonly forBun: readonly string[];
}

export async function collectHost({ app, runner, macos, look }: Looks): Promise<HostFacts> {
  const brew = runner.which('brew');
  const brewFolder = brew === undefined ? homebrewFolder(app.env) : brew.slice(0, brew.lastIndexOf('/'));
  const [machine, version, canVirtualize, keychain] = await Promise.all([
    look(() => machineOf(runner)),
    look(() => macos.version()),
    look(() => macos.canVirtualize()),
    look(async () => ((await macos.session()) === 'Aqua' ? undefined : await macos.loginKeychain())),
  ]);
  return {
    machine,
    macos: version,
    canVirtualize,
    keychain,
    brew,
    brewFolder,
    isBrewOnPath: (app.env['PATH'] ?? '').split(':').some((entry) => entry.replace(/\/+$/, '') === brewFolder),
    environment: app.env,
    forBun: readEnvironment().forBun,
  };
}

async function machineOf(runner: Runner): Promise<string> {
  const machine = await hostArchitecture(runner);
  if (/^\w{1,20}$/.test(machine)) return machine;
  throw unreadable('uname -m', machine);
}

import { readEnvironment } from '../../system/environment.ts';
import type { Runner } from '../../system/programs/runner.ts';
import { homebrewFolder } from '../../tools/homebrew/path.ts';
import { hostArchitecture } from '../../tools/host.ts';
import type { Keychain } from '../../tools/macos.ts';
import { unreadable } from '../../tools/unreadable.ts';
import type { Looks } from './look.ts';

export interface HostFacts {
  /** As `uname -m` says it. */
  readonly machine: string | undefined;
  readonly macos: string | undefined;
  readonly canVirtualize: boolean | undefined;
  /** undefined where macOS would ask a person to unlock it: then nothing fails. */
  readonly keychain: Keychain | undefined;
  /** Path of `brew`, undefined where there is none. */
  readonly brew: string | undefined;
  /** Where its programs stand, and whether the user's own PATH has that folder. */
  readonly brewFolder: string;
  readonly isBrewOnPath: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** Names of variables that Bun acts on in every program that it made. */
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

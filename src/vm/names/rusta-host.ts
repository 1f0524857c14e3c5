import type { App } from '../../app.ts';
import { pathValue, type SshAlias } from '../../state/ssh/config.ts';
import { removeFile } from '../../system/files/files.ts';
import { writePrivateFile } from '../../system/files/private-files.ts';
import { quote } from '../../text/shell.ts';
import { BLOCK_SHIELD } from '../../tools/ssh/options.ts';
import { removeAlias, type WantedAlias } from './ssh-alias.ts';
import { ownSetting } from './ssh-host.ts';

/** Returns the name by which every program that knows ssh reaches a VM (D21). */
export function rustaName(vm: string): string {
  return `rusta-${vm}`;
}

export interface RustaHost {
  readonly user: string;
  /** Boots the VM for a login if it is off. */
  readonly autoUp: boolean;
}

/** Seconds within which the server must speak: `connect` needs some to find the way, and minutes if it boots the VM first. */
const CONNECT_S = 60;
const BOOT_S = 300;

/** The shield of addresses is left out, because `connect` finds the way. */
const OPTIONS: SshAlias['settings'] = [
  ...BLOCK_SHIELD.filter(([name]) => !['ProxyCommand', 'AddressFamily', 'BindAddress'].includes(name)),
  ['KnownHostsCommand', 'none'],
];

/** Returns the alias that leads to this VM and no other: the way is found anew for each login, and the guest proves its host key. */
export function rustaAlias(app: Pick<App, 'sshFiles' | 'paths' | 'env' | 'program'>, vm: string, { user, autoUp }: RustaHost): WantedAlias {
  const alias = rustaName(vm);
  const command = connectCommand(app, vm, autoUp ? '--auto-up' : undefined);
  return {
    alias,
    settings: [
      ['ProxyCommand', command],
      ['User', user],
      ['IdentityFile', pathValue(app.sshFiles.privateKey)],
      ['IdentitiesOnly', 'yes'],
      ['PubkeyAuthentication', 'yes'],
      ['HostKeyAlias', alias],
      ['UserKnownHostsFile', pathValue(app.paths.knownHosts(vm))],
      ['StrictHostKeyChecking', 'yes'],
      ['ConnectTimeout', String(autoUp ? BOOT_S : CONNECT_S)],
      ['ServerAliveInterval', '30'],
      ['ServerAliveCountMax', '120'],
      ...OPTIONS,
    ],
    proof: { setting: 'proxycommand', value: command },
    shown: `${user} in VM '${vm}'${autoUp ? ', which it boots if it is off' : ''}`,
  };
}

/** Variables that decide where the VM is: programs with windows are started without those of a shell. */
const WHERE = ['TART_HOME', 'RUSTA_SSH_PORT'] as const;

/** Returns the call of `connect` as a ProxyCommand: quoted for the user's shell, and with `%` doubled, which begins a token for ssh. */
export function connectCommand(
  { env, paths, program }: Pick<App, 'env' | 'paths' | 'program'>,
  vm: string,
  flag?: '--auto-up' | '--via-agent',
): string {
  const values = { TART_HOME: paths.tartHome, RUSTA_SSH_PORT: env['RUSTA_SSH_PORT'] };
  const where = WHERE.filter((name) => env[name]).map((name) => `${name}=${values[name]}`);
  const words = [...(where.length === 0 ? [] : ['env', ...where]), program, 'connect', vm, ...(flag === undefined ? [] : [flag])];
  return words.map(quote).join(' ').replaceAll('%', '%%');
}

/** Returns the program in such a call; undefined if it cannot be told. */
export function programOf(command: string | undefined): string | undefined {
  const [, word] = /(?:^| )('(?:[^']|'\\'')*'|[^' ]+) connect /.exec(command ?? '') ?? [];
  return word?.replaceAll("'\\''", '\0').replaceAll("'", '').replaceAll('\0', "'").replaceAll('%%', '%');
}

/** Tells whether a file that the user's ssh config includes has an alias for the VM. */
export async function isRustaHostElsewhere(app: Pick<App, 'ssh'>, vm: string): Promise<boolean> {
  const settings = await Promise.all([ownSetting(app, rustaName(vm), 'proxycommand'), ownSetting(app, rustaName(vm))]);
  return settings.some((value) => value !== undefined);
}

/** Records the host keys of the VM. Throws FileError. */
export function knowHostKeys({ paths }: Pick<App, 'paths'>, vm: string, keys: readonly string[]): void {
  writePrivateFile(paths.knownHosts(vm), keys.map((key) => `${rustaName(vm)} ${key}\n`).join(''));
}

/** Removes our alias and the host keys known for it. Returns whether there was such an alias. Throws RustaError. */
export async function removeRustaHost(app: Pick<App, 'sshFiles' | 'paths'>, vm: string): Promise<boolean> {
  const wasThere = await removeAlias(app, rustaName(vm));
  removeFile(app.paths.knownHosts(vm));
  return wasThere;
}

import type { App } from '../../app.ts';
import { succeeded } from '../../system/programs/command.ts';

/** The names in `ssh -G` of the two settings that say where a name leads. */
export type HostSetting = 'hostname' | 'proxycommand';

/**
 * Returns where the user's ssh config, with the files that it includes, leads for a host name; undefined if it has no entry for it. A
 * value that it has for every name does not count, which a second name shows.
 */
export async function ownSetting(app: Pick<App, 'ssh'>, host: string, setting: HostSetting = 'hostname'): Promise<string | undefined> {
  const other = `${host}-of-nobody`;
  const [own, general] = await Promise.all([settingFor(app, host, setting), settingFor(app, other, setting)]);
  if (own === undefined || own === host.toLowerCase()) return undefined;
  return general?.replace(other.toLowerCase(), host.toLowerCase()) === own ? undefined : own;
}

/** Returns a setting of ssh for a host name; undefined if ssh cannot read its config. */
export async function settingFor(app: Pick<App, 'ssh'>, host: string, setting: HostSetting = 'hostname'): Promise<string | undefined> {
  const result = await app.ssh.effectiveConfig(host);
  return succeeded(result) ? new RegExp(`^${setting} (.+)$`, 'm').exec(result.stdout)?.[1] : undefined;
}

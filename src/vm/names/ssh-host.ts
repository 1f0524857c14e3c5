import type { App } from '../../app.ts';
import { succeeded } from '../../system/programs/command.ts';

/** What `ssh -G` calls the two settings that say where a name leads. */
export type HostSetting = 'hostname' | 'proxycommand';

/**
 * Returns where the user's ssh config leads for a host name, with what it includes; undefined where it has no entry for it. What it says of
 * all names is none: another name is asked beside it.
 */
export async function ownSetting(app: Pick<App, 'ssh'>, host: string, setting: HostSetting = 'hostname'): Promise<string | undefined> {
  const other = `${host}-of-nobody`;
  const [own, general] = await Promise.all([settingFor(app, host, setting), settingFor(app, other, setting)]);
  if (own === undefined || own === host.toLowerCase()) return undefined;
  return general?.replace(other.toLowerCase(), host.toLowerCase()) === own ? undefined : own;
}

/** Returns undefined where ssh does not even read its config. */
export async function settingFor(app: Pick<App, 'ssh'>, host: string, setting: HostSetting = 'hostname'): Promise<string | undefined> {
  const result = await app.ssh.effectiveConfig(host);
  return succeeded(result) ? new RegExp(`^${setting} (.+)$`, 'm').exec(result.stdout)?.[1] : undefined;
}

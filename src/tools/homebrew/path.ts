import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string>>;

/** Returns the folder of Homebrew's programs: the one of `HOMEBREW_PREFIX`, else the one of every Mac with Apple Silicon. */
export function homebrewFolder(env: Environment): string {
  const prefix = env['HOMEBREW_PREFIX'];
  return join(prefix !== undefined && isAbsolute(prefix) ? prefix : '/opt/homebrew', 'bin');
}

/**
 * Returns the environment with Homebrew's folder at the end of PATH, if it exists and PATH lacks it. Users have it there by a line in
 * ~/.zprofile, which `ssh mac rusta …`, launchd, cron and runners of CI do not read. At the end it leaves the user's order as it is.
 */
export function withHomebrew(env: Environment, exists: (folder: string) => boolean): Environment {
  const folder = homebrewFolder(env);
  const entries = (env['PATH'] ?? '').split(':');
  if (entries.some((entry) => entry.replace(/\/+$/, '') === folder) || !exists(folder)) return env;
  // An empty entry would mean the current folder, so an empty PATH gets no colon.
  return { ...env, PATH: env['PATH'] ? `${env['PATH']}:${folder}` : folder };
}

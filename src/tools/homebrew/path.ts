import { isAbsolute, join } from 'node:path';

type Environment = Readonly<Record<string, string>>;

/** Returns the folder of Homebrew's programs: the one of `HOMEBREW_PREFIX`, else the one of every Mac with Apple Silicon. */
export function homebrewFolder(env: Environment): string {
  const prefix = env['HOMEBREW_PREFIX'];
  return join(prefix !== undefined && isAbsolute(prefix) ? prefix : '/opt/homebrew', 'bin');
}

/**
 * Returns the environment with Homebrew's folder at the end of PATH, unless PATH has it or it does not exist. The line that puts it there
 * stands in ~/.zprofile, which `ssh mac rusta …`, launchd, cron and runners of CI do not read. At the end, so that the user's order holds.
 */
export function withHomebrew(env: Environment, exists: (folder: string) => boolean): Environment {
  const folder = homebrewFolder(env);
  const entries = (env['PATH'] ?? '').split(':');
  if (entries.some((entry) => entry.replace(/\/+$/, '') === folder) || !exists(folder)) return env;
  // An empty entry means the current folder: none may arise where PATH is empty.
  return { ...env, PATH: env['PATH'] ? `${env['PATH']}:${folder}` : folder };
}

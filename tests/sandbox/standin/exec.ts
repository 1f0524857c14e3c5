import { isAbsolute } from 'node:path';
import { restoreSignals } from './libc.ts';

/** Becomes another program: same pid, so that signals and limits meet the right one. undefined: there is no such program. */
export function become(argv: readonly string[], env: Record<string, string>, shownAs = argv[0] ?? ''): undefined {
  const [name = '', ...rest] = argv;
  const path = isAbsolute(name) || name.includes('/') ? name : Bun.which(name, { PATH: env['PATH'] ?? '' });
  if (path === null) return undefined;
  restoreSignals();
  process.execve?.(path, [shownAs, ...rest], env);
  return undefined;
}

export const ownEnvironment = (): Record<string, string> => ({ ...process.env }) as Record<string, string>;

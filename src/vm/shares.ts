import { basename, join, posix, resolve } from 'node:path';
import type { App } from '../app.ts';
import { RustaError, UsageError } from '../errors.ts';
import { placeOf } from '../system/files/folder-place.ts';
import { cellText } from '../text/control.ts';
import { expandTilde } from '../text/tilde.ts';

/** A request to show a folder of the Mac to a guest (D24). */
export interface ShareRequest {
  readonly host: string;
  /** The path in the guest; undefined means below `/mnt`, under the folder's own name. */
  readonly guest: string | undefined;
  readonly readOnly: boolean;
}

/** A share that is allowed: both paths are absolute, and the folder is there. */
export interface Share {
  readonly host: string;
  readonly guest: string;
  readonly readOnly: boolean;
}

const READ_ONLY = ':ro';
/** Folders that every guest needs itself. */
const NEEDED = ['bin', 'boot', 'dev', 'etc', 'home', 'lib', 'proc', 'root', 'run', 'sbin', 'sys', 'tmp', 'usr', 'var'];
/** A home holds the keys of its logins. */
const LOGIN_HOME = /^\/home\/[^/]+$/;

/** Reads `HOST[:GUEST][:ro]`; HOST ends before the last `:/`. Throws UsageError. */
export function parseShare(text: string, command?: string): ShareRequest {
  const readOnly = text.endsWith(READ_ONLY);
  const paths = readOnly ? text.slice(0, -READ_ONLY.length) : text;
  const at = paths.lastIndexOf(':/');
  const [host, guest] = at < 0 ? [paths, undefined] : [paths.slice(0, at), posix.normalize(paths.slice(at + 1)).replace(/(?<=.)\/+$/, '')];
  if (host === '' || cellText(text) !== text)
    throw new UsageError(`'${text}' names no folder to share: <folder>[:<path in the VM>][:ro]`, command);
  if (guest !== undefined && (guest === '/' || NEEDED.includes(guest.slice(1)) || LOGIN_HOME.test(guest))) {
    throw new UsageError(`a share at ${guest} would hide what the guest needs`, command);
  }
  return { host, guest, readOnly };
}

/** Formats a share as `parseShare` reads it: a slash keeps apart the end of a folder's own name. */
export function formatShare({ host, guest, readOnly }: ShareRequest): string {
  const end = (guest ?? host).endsWith(READ_ONLY) ? '/' : '';
  return `${host}${guest === undefined ? '' : `:${guest}`}${readOnly ? READ_ONLY : end}`;
}

/**
 * Returns the folders of the Mac that a VM sees: while it runs, those of this boot, which `up --share` may have added; else those on its
 * record, which its next boot will have.
 */
export function visibleShares(
  { pids, processes }: Pick<App, 'pids' | 'processes'>,
  vm: string,
  isRunning: boolean,
  recorded: readonly string[],
): readonly string[] {
  if (!isRunning) return recorded;
  const pid = pids.read(vm);
  const boot = pid !== undefined && processes.isAlive(pid) ? pids.boot(vm, pid) : undefined;
  // A boot by hand has shares that rusta does not know.
  return boot?.shares ?? [];
}

/** Checks all folders before anything is started. Throws RustaError for one that is not there, or must not be seen by a guest. */
export function checkShares({ env }: Pick<App, 'env'>, requests: readonly ShareRequest[]): Share[] {
  const shares = requests.map((request) => checkShare(env, request));
  const twice = shares.find(({ guest }, index) => shares.findIndex((other) => other.guest === guest) !== index);
  if (twice !== undefined) throw new UsageError(`two shares at ${twice.guest}: name another place for one, as in '<folder>:/mnt/other'`);
  return shares;
}

function checkShare(env: App['env'], { host, guest, readOnly }: ShareRequest): Share {
  const home = env['HOME'] ?? '/';
  const place = placeOf(resolve(expandTilde(host, home)));
  if (place === undefined) throw refused(host, 'it is not there, or is not a folder');
  const [own] = place.identities;
  if (placeOf(home)?.identities.includes(own)) throw refused(host, 'it is your home folder, or holds it');
  for (const name of ['.ssh', 'Library']) {
    const secret = placeOf(join(home, name))?.identities[0];
    if (secret !== undefined && place.identities.includes(secret)) throw refused(host, `it is in ~/${name}, where keys and passwords are`);
  }
  // Tart splits at colons, and drops empty parts.
  if (place.path.includes('::') || place.path.endsWith(':')) throw refused(host, 'Tart cannot be told of a path with such colons');
  // The path behind a link may have letters that no typed one may have.
  if (cellText(place.path) !== place.path) throw refused(host, 'its path has control characters');
  return { host: place.path, guest: guest ?? `/mnt/${basename(place.path)}`, readOnly };
}

function refused(host: string, why: string): RustaError {
  return new RustaError('share_refused', `'${host}' cannot be shared: ${why}`, { hint: 'Nothing was started.' });
}

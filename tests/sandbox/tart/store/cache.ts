import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseRemote, type RemoteName } from '../command-line/names.ts';
import type { TartHome } from './home.ts';
import { isComplete } from './vm.ts';

/** ':' of a port cannot stand in a folder name. */
export const hostFolder = (home: TartHome, remote: RemoteName): string => join(home.oci, remote.host.replace(':', '%3A'));

export const imageFolder = (home: TartHome, remote: RemoteName): string =>
  join(hostFolder(home, remote), remote.namespace, remote.reference.slice(1));

/** Tags (links) and digests (folders): a pulled image is found twice. */
export function cachedImages(home: TartHome): { name: string; folder: string }[] {
  const found: { name: string; folder: string }[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(folder)) {
      const path = join(folder, entry);
      const stats = lstatSync(path);
      const isDigest = entry.startsWith('sha256:');
      const repository = relative(home.oci, folder).replace('%3A', ':');
      if (stats.isSymbolicLink() || isDigest) {
        if (isComplete(path)) found.push({ name: `${repository}${isDigest ? '@' : ':'}${entry}`, folder: realpathSync(path) });
      } else if (stats.isDirectory()) visit(path);
    }
  };
  visit(home.oci);
  return found;
}

export function cachedImage(home: TartHome, name: string): string | undefined {
  const remote = parseRemote(name);
  if (!remote) return undefined;
  const folder = imageFolder(home, remote);
  return isComplete(folder) ? realpathSync(folder) : undefined;
}

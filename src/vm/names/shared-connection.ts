import { basename, dirname } from 'node:path';
import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { fileMark } from '../../system/files/files.ts';
import { listFolder } from '../../system/files/folders.ts';
import { shortHash } from '../../system/hash.ts';
import type { SshTarget } from '../../tools/ssh/ssh.ts';
import { bootMark } from '../address/boot.ts';

/** macOS allows 104 bytes for the path of a socket, its closing byte included. ssh first binds a name that is 17 bytes longer, and renames it. */
const MAX_BYTES = 86;

/**
 * Returns the socket of the one connection that commands on a VM share (D21); another boot, address, user, password or key has another
 * socket. undefined if this boot cannot be told from others, or the path is too long.
 */
export function sharedConnection(app: Pick<App, 'paths' | 'pids' | 'processes'>, vm: string, target: SshTarget): string | undefined {
  const boot = bootMark(app, vm);
  if (boot === undefined) return undefined;
  const key = target.privateKey === undefined ? undefined : fileMark(target.privateKey);
  const login = shortHash(JSON.stringify([boot, target, key]));
  const path = `${app.paths.sharedConnections(vm)}${app.pids.read(vm) ?? 0}-${login}`;
  return Buffer.byteLength(path) <= MAX_BYTES ? path : undefined;
}

type Context = Pick<App, 'paths' | 'ssh' | 'out'>;

/** Ends the connections that commands on a VM share, which would end later by themselves. Starts nothing if none is open. */
export function endSharedConnections(app: Context, vm: string): Promise<void> {
  return forEachOf(app, vm, app.ssh.endShared);
}

/** Makes the next command log in anew, so that the user gets the groups of now. Leaves running commands alone. */
export function retireSharedConnections(app: Context, vm: string): Promise<void> {
  return forEachOf(app, vm, app.ssh.retireShared);
}

async function forEachOf(app: Context, vm: string, request: (socket: string) => Promise<void>): Promise<void> {
  const prefix = app.paths.sharedConnections(vm);
  try {
    const all = listFolder(dirname(prefix)) ?? [];
    const sockets = all.filter(({ name, kind }) => kind === 'other' && name.startsWith(basename(prefix)));
    await Promise.all(sockets.map(({ path }) => request(path)));
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
    app.out.trace(error.message);
  }
}

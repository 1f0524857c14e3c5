import { lstatSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Context } from '../../standin/context.ts';
import { guestKind } from '../../standin/guest-kind.ts';
import type { Subcommand } from '../command-line/command.ts';
import { parseRemote, type RemoteName } from '../command-line/names.ts';
import { missing, runtimeError } from '../errors.ts';
import { imageFolder } from '../store/cache.ts';
import type { TartHome } from '../store/home.ts';
import { lockOwner } from '../store/locks.ts';
import { isComplete, localVm } from '../store/vm.ts';

/** In order, stops at the first failure: what came before is gone. */
export const remove: Subcommand = async ({ context, home, args }) => {
  for (const name of args.positionals) {
    const remote = parseRemote(name);
    if (remote) removeImage(home, name, remote);
    else await removeVm(context, home, name);
  }
  return 0;
};

async function removeVm(context: Context, home: TartHome, name: string): Promise<void> {
  const folder = localVm(home, name);
  if (lockOwner(folder) !== 0) throw runtimeError(`VM "${name}" is running`);
  await (await guestKind(context)).remove(folder);
  rmSync(folder, { recursive: true, force: true });
}

function removeImage(home: TartHome, name: string, remote: RemoteName): void {
  const path = imageFolder(home, remote);
  if (!isComplete(path)) throw missing(name);
  rmSync(path, { recursive: lstatSync(path).isDirectory() });
  const repository = dirname(path);
  const entries = readdirSync(repository).map((entry) => join(repository, entry));
  const isLink = (entry: string) => lstatSync(entry).isSymbolicLink();
  const wanted = new Set(entries.filter(isLink).map((entry) => readlinkSync(entry)));
  for (const entry of entries) if (!isLink(entry) && !wanted.has(entry)) rmSync(entry, { recursive: true });
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { guestKind } from '../../standin/guest-kind.ts';
import type { Invocation, Subcommand } from '../command-line/command.ts';
import { parseRemote } from '../command-line/names.ts';
import { specs } from '../command-line/specs.ts';
import { missing, usageError } from '../errors.ts';
import { cachedImage } from '../store/cache.ts';
import { holdFlock } from '../store/locks.ts';
import { copyMachine, replaceVm, temporaryFolder } from '../store/storage.ts';
import { isComplete, localVm, randomMac, readConfig, writeConfig } from '../store/vm.ts';
import { pullImage } from './pull.ts';

export const clone: Subcommand = async (invocation) => {
  const { context, home, args } = invocation;
  const [source = '', name = ''] = args.positionals;
  if (name.includes('/')) throw usageError('<new-name> should be a local name', specs.clone);
  if (args.number('--concurrency') === 0) throw usageError('network concurrency cannot be less than 1', specs.clone);
  const { folder, isLocal } = await findSource(invocation, source);
  const temporary = temporaryFolder(home, crypto.randomUUID());
  const { release } = holdFlock(home.folder);
  copyMachine(folder, temporary.path);
  const config = readConfig(temporary.path);
  // Every local VM is read for this: one corrupt config.json breaks all clones.
  const taken = localFolders(home.vms).map((local) => readConfig(local).macAddress);
  const isSuspended = existsSync(join(folder, 'state.vzvmsave'));
  if (taken.includes(config.macAddress) && !isSuspended) writeConfig(temporary.path, { ...config, macAddress: randomMac() });
  await (await guestKind(context)).clone(isLocal ? folder : undefined, temporary.path);
  await replaceVm(context, home, temporary.path, name);
  temporary.release();
  release();
  return 0;
};

const localFolders = (vms: string): string[] =>
  readdirSync(vms)
    .map((name) => join(vms, name))
    .filter(isComplete);

async function findSource({ context, home }: Invocation, source: string): Promise<{ folder: string; isLocal: boolean }> {
  const remote = parseRemote(source);
  if (!remote) return { folder: localVm(home, source), isLocal: true };
  const cached = cachedImage(home, source);
  const folder = cached ?? (await pullImage(context, home, remote));
  if (!isComplete(folder)) throw missing(source);
  return { folder, isLocal: false };
}

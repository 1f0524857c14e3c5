import { realpathSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { out, readInput } from '../../standin/io.ts';
import type { Subcommand } from '../command-line/command.ts';
import { parseRemote } from '../command-line/names.ts';
import { specs } from '../command-line/specs.ts';
import { missing, usageError } from '../errors.ts';
import { cachedImage, cachedImages } from '../store/cache.ts';

/** Accepts every credential; reads the password, so that the writer meets no broken pipe. */
export const login: Subcommand = ({ args }) => {
  const both = [args.value('--username') !== undefined, args.flags.has('--password-stdin')];
  if (both[0] !== both[1]) throw usageError('--username and --password-stdin should be specified together', specs.login);
  if (both[1]) readInput();
  return 0;
};

export const logout: Subcommand = () => 0;

export const fqn: Subcommand = ({ home, args }) => {
  const name = args.positionals[0] ?? '';
  const remote = parseRemote(name);
  const folder = cachedImage(home, name);
  if (!remote || !folder) throw missing(name);
  out(`${remote.host}/${remote.namespace}@${basename(realpathSync(folder))}`);
  return 0;
};

/** Only its refusal, and emptying the cache for good. */
export const prune: Subcommand = ({ home, args }) => {
  const criteria = ['--older-than', '--space-budget'];
  if (criteria.every((option) => args.value(option) === undefined)) {
    throw usageError('at least one pruning criteria must be specified', specs.prune);
  }
  if (args.value('--entries') === 'vms' || args.number('--older-than') !== 0) return 0;
  for (const { folder } of cachedImages(home)) rmSync(join(folder), { recursive: true, force: true });
  return 0;
};

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Subcommand } from '../command-line/command.ts';
import { usageError } from '../errors.ts';

/** A running VM can be renamed: its lock follows the file. */
export const rename: Subcommand = ({ home, args }) => {
  const [name = '', other = ''] = args.positionals;
  if (other.includes('/')) throw usageError('<new-name> should be a local name');
  if (!existsSync(join(home.vms, name))) throw usageError(`failed to rename a non-existent local VM: ${name}`);
  if (existsSync(join(home.vms, other))) {
    throw usageError(`failed to rename VM ${name}, target VM ${other} already exists, delete it first!`);
  }
  renameSync(join(home.vms, name), join(home.vms, other));
  return 0;
};

import { guestKind } from '../../standin/guest-kind.ts';
import type { Subcommand } from '../command-line/command.ts';
import { specs } from '../command-line/specs.ts';
import { usageError } from '../errors.ts';
import { replaceVm, temporaryFolder, ubuntuConfig, writeMachine } from '../store/storage.ts';
import { randomMac } from '../store/vm.ts';

/** `create --linux`: a bare machine. Replaces a VM of that name in silence, like `clone`. */
export const create: Subcommand = async ({ context, home, args }) => {
  if (!args.flags.has('--linux')) throw usageError('Please specify either a --from-ipsw or --linux option!', specs.create);
  const temporary = temporaryFolder(home, crypto.randomUUID());
  const defaultGigabytes = 50;
  writeMachine(temporary.path, ubuntuConfig(randomMac()), args.number('--disk-size') ?? defaultGigabytes);
  await (await guestKind(context)).clone(undefined, temporary.path);
  await replaceVm(context, home, temporary.path, args.positionals[0] ?? '');
  temporary.release();
  return 0;
};

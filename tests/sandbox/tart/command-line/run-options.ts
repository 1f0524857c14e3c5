import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Share } from '../../guest.ts';
import { otherError, TartFailure, usageError } from '../errors.ts';
import type { TartHome } from '../store/home.ts';
import { localVm, readConfig } from '../store/vm.ts';
import type { Parsed } from './parse.ts';
import { specs } from './specs.ts';

/** The validation phase: the VM is opened here, so that "does not exist" is exit 1 with a prefix (trap 7). */
export function validateRun(home: TartHome, args: Parsed): void {
  const has = (flag: string) => args.flags.has(flag);
  const invalid = (message: string) => usageError(message, specs.run);
  if (has('--vnc') && has('--vnc-experimental')) throw invalid('--vnc and --vnc-experimental are mutually exclusive');
  const networks = [args.values('--net-bridged').length > 0, has('--net-softnet'), has('--net-host')];
  if (networks.filter(Boolean).length > 1) throw invalid('--net-bridged, --net-softnet and --net-host are mutually exclusive');
  if (has('--graphics') && has('--no-graphics')) throw invalid('--graphics and --no-graphics are mutually exclusive');
  if (has('--no-graphics') && has('--capture-system-keys'))
    throw invalid('--captures-system-keys can only be used with the default VM view');
  const { folder, os } = openInValidation(home, args.positionals[0] ?? '');
  if (os === 'linux' && (has('--suspendable') || existsSync(join(folder, 'state.vzvmsave')))) {
    throw invalid('You can only suspend macOS VMs');
  }
  if (os === 'linux' && has('--no-trackpad')) throw invalid('--no-trackpad cannot be used with Linux VMs');
  if (args.values('--disk').some((disk) => disk.endsWith('-amd64.iso'))) {
    throw invalid('Seems you have a disk targeting x86 architecture (hence amd64 in the name). Please use an arm64 version of the disk');
  }
}

function openInValidation(home: TartHome, name: string): { folder: string; os: string } {
  try {
    const folder = localVm(home, name);
    return { folder, os: readConfig(folder).os };
  } catch (error) {
    if (!(error instanceof TartFailure) || error.message.startsWith('Error: ')) throw error;
    throw otherError(error.message);
  }
}

const isShareOption = (word: string) => word.split(',').every((option) => option === 'ro' || option.startsWith('tag='));

function parseShare(argument: string): Share {
  // Swift leaves empty parts out.
  const parts = argument.split(':').filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const options = parts.length > 1 && isShareOption(last) ? (parts.pop() ?? '').split(',') : [];
  const tag = options.find((option) => option.startsWith('tag='))?.slice('tag='.length) ?? 'com.apple.virtio-fs.automount';
  const name = parts.length > 1 ? parts.shift() : undefined;
  return { name, path: parts.join(':'), tag, readOnly: options.includes('ro') };
}

/** What Virtualization.framework refuses, after the garbage collection and before the lock. */
export function checkDevices(args: Parsed): readonly Share[] {
  const shares = args.values('--dir').map(parseShare);
  for (const { tag, name } of shares) {
    if (name === undefined && shares.filter((other) => other.tag === tag).length > 1) {
      throw usageError('invalid --dir syntax: for multiple directory shares each one of them should be named');
    }
  }
  const absent = shares.find(({ path }) => !existsSync(path.replace(/^~/, process.env['HOME'] ?? '~')));
  if (absent) throw otherError(`Invalid virtual machine configuration. The directory “${absent.path}” doesn’t exist.`);
  return shares;
}

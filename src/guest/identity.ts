import { bashInput, type Constants, constants } from './script.ts';
import files from './scripts/frame/files.sh' with { type: 'text' };
import identity from './scripts/identity.sh' with { type: 'text' };

/** The longest name that a host can have. */
const HOST_NAME_LENGTH = 63;
/** The hostname for names without any letter or digit that a hostname may have. */
const NAMELESS = 'vm';

/** Returns the hostname of a VM: its name in lower case, with hyphens for characters that a hostname cannot have (D19). */
export function hostNameOf(vm: string): string {
  const plain = vm.toLowerCase().replace(/[^a-z0-9-]/g, '-');
  return plain.replace(/^-+/, '').slice(0, HOST_NAME_LENGTH).replace(/-+$/, '') || NAMELESS;
}

/** Returns the values for scripts/identity.sh. */
export function identityConstants(vm: string): Constants {
  return { HOST_NAME: hostNameOf(vm), IDENTITY_FILE: '/var/lib/rusta/identity' };
}

/**
 * Returns the script for `sudo bash -s` that gives the guest of that VM an identity of its own, and exits with 0 once it has one. It
 * changes nothing in a guest that has one, and may be cut off and run again.
 */
export function identityScript(vm: string): string {
  return bashInput(['set -Eeuo pipefail', constants(identityConstants(vm)), files, identity, 'give_identity < /dev/null']);
}

/** Tells whether the script itself confirms it: exit code 0 of `tart exec` is no proof (docs/tart.md, trap 8). */
export function confirmsIdentity(stdout: string): boolean {
  return /^This (?:is \S+ now, with|VM has an identity of its own)/m.test(stdout);
}

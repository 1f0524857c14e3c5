import { bashInput, constants } from './script.ts';
import mountShares from './scripts/mount-shares.sh' with { type: 'text' };

/** A folder that the hardware of the guest offers under a tag. */
export interface OfferedShare {
  readonly tag: string;
  readonly guest: string;
  readonly readOnly: boolean;
}

/** Returns the script for `sudo bash -s` that mounts them so that this user can write, and exits with 0 if all are mounted. It mounts none twice. */
export function mountScript(shares: readonly OfferedShare[], name: string, user: string): string {
  const words = shares.flatMap(({ tag, guest, readOnly }) => [tag, guest, readOnly ? 'ro' : 'rw']);
  return bashInput([constants({ SHARE_NAME: name, SHARES: words, LOGIN_USER: user }), mountShares]);
}

/** Returns what could not be mounted, and why, from a line of the script; undefined for other lines. */
export function parseNotMounted(line: string): string | undefined {
  return /^>>> Not mounted: (.+)$/.exec(line)?.[1];
}

import { bashInput, constants } from './script.ts';
import mountShares from './scripts/mount-shares.sh' with { type: 'text' };

/** A folder that the hardware of the guest offers under a tag. */
export interface OfferedShare {
  readonly tag: string;
  readonly guest: string;
  readonly readOnly: boolean;
}

/** Returns what `sudo bash -s` has to read to mount them, so that this user can write: exit code 0 if all are. Mounts none twice. */
export function mountScript(shares: readonly OfferedShare[], name: string, user: string): string {
  const words = shares.flatMap(({ tag, guest, readOnly }) => [tag, guest, readOnly ? 'ro' : 'rw']);
  return bashInput([constants({ SHARE_NAME: name, SHARES: words, LOGIN_USER: user }), mountShares]);
}

/** Returns what the script says could not be mounted, and why. */
export function parseNotMounted(line: string): string | undefined {
  return /^>>> Not mounted: (.+)$/.exec(line)?.[1];
}

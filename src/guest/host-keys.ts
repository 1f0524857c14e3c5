import { temporaryClock } from './clock.ts';
import { bashInput, constants } from './script.ts';

/** Type and key in base64; a comment may follow. */
const PUBLIC_KEY = /^((?:ssh|ecdsa|sk)-\S+ [A-Za-z0-9+/]{16,}={0,2})(?: .*)?$/;

/** Returns the script for `sudo bash -s` in the guest that sets its clock and prints its SSH host keys. `now` is in seconds since 1970. */
export function hostKeysScript(now: number): string {
  const work = ['WORK="$(mktemp -d)"', `trap 'rm -rf "$WORK"' EXIT`];
  return bashInput(['set -euo pipefail', constants({ MAC_TIME: now }), ...work, ...temporaryClock(), 'cat /etc/ssh/ssh_host_*_key.pub']);
}

/** Reads the host keys that the script printed: type and key of each. */
export function parseHostKeys(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const key = PUBLIC_KEY.exec(line)?.[1];
    return key === undefined ? [] : [key];
  });
}

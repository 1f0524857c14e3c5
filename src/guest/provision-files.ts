/** Where the script leaves its exit code: `tart exec` cannot be trusted to carry it (D15). */
export const STATUS_FILE = '/var/log/provision.status';
/** Spec 7. */
export const GUEST_SCRIPT = '/tmp/provision.sh';
/** Spec 5. */
export const LOG_FILE = '/var/log/provision.log';
/** Where the script finds the proxies of this Mac, logins included. In memory: it does not outlive the boot. */
export const PROXY_FILE = '/run/rusta-proxies';

/** Where a script of the user's is brought, to be run as the last step. */
export const USER_SCRIPT = '/var/lib/rusta/script';

/** A part of the script, announced before it runs. */
export interface Step {
  /** What it is called where the time that it took is told. */
  readonly name: string;
  /** What the user reads while it runs; without quotes. */
  readonly title: string;
  /** Bash, under `set -Eeuo pipefail`. */
  readonly body: string;
}

/** The file in which the script leaves its exit code, because `tart exec` may lose it (D15). */
export const STATUS_FILE = '/var/log/provision.status';
/** The place of the script in the guest (spec 7). */
export const GUEST_SCRIPT = '/tmp/provision.sh';
/** The log of the script (spec 5). */
export const LOG_FILE = '/var/log/provision.log';
/** The file that tells the script the proxies of this Mac, logins included. It is in memory, so it does not outlive the boot. */
export const PROXY_FILE = '/run/rusta-proxies';

/** The place of the user's own script, which runs as the last step. */
export const USER_SCRIPT = '/var/lib/rusta/script';

/** A part of the script, announced before it runs. */
export interface Step {
  /** The name of the step beside the time that it took. */
  readonly name: string;
  /** The announcement that the user reads; without quotes. */
  readonly title: string;
  /** Bash, under `set -Eeuo pipefail`. */
  readonly body: string;
}

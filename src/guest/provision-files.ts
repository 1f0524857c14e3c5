/** Where the script leaves its exit code: `tart exec` cannot be trusted to carry it (D15). */
export const STATUS_FILE = '/var/log/provision.status';
/** Spec 7. */
export const GUEST_SCRIPT = '/tmp/provision.sh';
/** Spec 5. */
export const LOG_FILE = '/var/log/provision.log';
/** Where the script finds the proxies of this Mac, logins included. In memory: it does not outlive the boot. */
export const PROXY_FILE = '/run/rusta-proxies';

/** Sets the clock of the guest: by its argument, the seconds since 1970 on the Mac, else by the hardware clock. */
export const STEP_CLOCK = '/usr/local/lib/rusta/step-clock';

/** A part of the script, announced before it runs. */
export interface Step {
  /** What the user reads while it runs; without quotes. */
  readonly title: string;
  /** Bash, under `set -Eeuo pipefail`. */
  readonly body: string;
}

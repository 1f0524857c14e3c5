import type { Constants } from '../script.ts';

/** The locks of apt, dpkg and debconf. `DPkg::Lock::Timeout` knows only the first. */
const APT_LOCKS = [
  ...['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock'],
  '/var/cache/debconf/config.dat',
];

/** Messages of apt, dpkg and debconf while another process holds a lock; an extended regular expression. */
const LOCK_MESSAGES = ['Could not get lock', 'is another process using it', 'locked by another process'].join('|');

/** Values for scripts/apt.sh, which waits up to 10 minutes for another package manager, and looks every 5 seconds (spec 6.1). */
export const APT_CONSTANTS: Constants = { APT_LOCKS, LOCK_MESSAGES, LOCK_SECONDS: 600, LOCK_POLL_SECONDS: 5 };

import type { Constants } from './script.ts';

/** Every lock of apt, dpkg and debconf. `DPkg::Lock::Timeout` knows the first alone. */
const APT_LOCKS = [
  ...['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock'],
  '/var/cache/debconf/config.dat',
];

/** What apt, dpkg and debconf say where somebody else holds a lock; an extended regular expression. */
const LOCK_MESSAGES = ['Could not get lock', 'is another process using it', 'locked by another process'].join('|');

/** Values for scripts/apt.sh. Another package manager is waited for, with looks 5 seconds apart for 10 minutes (spec 6.1). */
export const APT_CONSTANTS: Constants = { APT_LOCKS, LOCK_MESSAGES, LOCK_SECONDS: 600, LOCK_POLL_SECONDS: 5 };

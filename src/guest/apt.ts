import type { Constants } from './script.ts';

/** Every lock that apt and dpkg take. `DPkg::Lock::Timeout` knows the first alone. */
const APT_LOCKS = ['/var/lib/dpkg/lock-frontend', '/var/lib/dpkg/lock', '/var/lib/apt/lists/lock', '/var/cache/apt/archives/lock'];

/** What scripts/apt.sh is told: another package manager is waited for, 120 looks, 5 seconds apart (spec 6.1). */
export const APT_CONSTANTS: Constants = { APT_LOCKS, LOCK_POLLS: 120, LOCK_POLL_SECONDS: 5 };

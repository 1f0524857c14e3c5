/** An Ubuntu release whose images carry stale apt lists (spec 5). To add another, add an entry. */
interface StaleRelease {
  /** VERSION_ID of /etc/os-release */
  readonly version: string;
  readonly codename: string;
}

const STALE_APT_RELEASES: readonly StaleRelease[] = [
  { version: '24.04', codename: 'noble' },
  { version: '26.04', codename: 'resolute' },
];

/** Returns `<release> <file>` for each list that hides from `apt-get update` what the mirror has. */
export function staleLists(): string[] {
  return STALE_APT_RELEASES.flatMap(({ version, codename }) =>
    ['updates', 'security'].map(
      (suite) => `${version} /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_${codename}-${suite}_main_binary-arm64_Packages`,
    ),
  );
}

/** Only tags of this form are Ubuntu releases. (spec 4.6) */
const RELEASE = /^\d+\.\d+$/;

export function isRelease(tag: string): boolean {
  return RELEASE.test(tag);
}

/** Orders releases by number: 9.10, 22.04, 22.10. The digits may be of any length. */
export function compareReleases(a: string, b: string): number {
  const [majorA = '', minorA = ''] = a.split('.');
  const [majorB = '', minorB = ''] = b.split('.');
  return compareNumbers(majorA, majorB) || compareNumbers(minorA, minorB) || (a < b ? -1 : a > b ? 1 : 0);
}

/** Returns up to `count` releases nearest to the wanted one, ascending. */
export function nearestReleases(wanted: string, releases: readonly string[], count: number): string[] {
  const sorted = [...new Set(releases.filter(isRelease))].sort(compareReleases);
  if (!isRelease(wanted)) return sorted.slice(-count);
  const wantedAt = monthsOf(wanted);
  const byDistance = sorted.toSorted((a, b) => Math.abs(monthsOf(a) - wantedAt) - Math.abs(monthsOf(b) - wantedAt));
  return byDistance.slice(0, count).sort(compareReleases);
}

/** Returns the months since year 0, because Ubuntu's versions are dates: year and month. */
function monthsOf(release: string): number {
  const [year, month] = release.split('.');
  return Number(year) * 12 + Number(month);
}

function compareNumbers(a: string, b: string): number {
  const one = BigInt(a);
  const other = BigInt(b);
  return one < other ? -1 : one > other ? 1 : 0;
}

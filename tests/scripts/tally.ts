export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

export function add(...tallies: readonly Tally[]): Tally {
  return tallies.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  });
}

/** The line that `.ci/run` and people read last. */
export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}

/** The counts of a JUnit report; a report without them, or without any test, is a failure. */
export function readJunit(xml: string): Tally {
  const root = /<testsuites\b[^>]*>/.exec(xml)?.[0] ?? '';
  const count = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(root)?.[1] ?? Number.NaN);
  const tests = count('tests');
  const failed = count('failures');
  const skipped = count('skipped');
  if (!(tests - skipped > 0) || Number.isNaN(failed)) return { passed: 0, failed: 1 };
  return { passed: tests - failed - skipped, failed };
}

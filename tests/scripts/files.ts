import { ROOT } from './steps.ts';

const ALL = [...new Bun.Glob('tests/**/*.test.ts').scanSync({ cwd: ROOT })].sort();

/** On system guests, which need root. */
const onSystemGuests = (file: string) => /^tests\/(system|sandbox\/system)\//.test(file);

/** What `test:system` runs. */
export const systemTests: readonly string[] = ALL.filter(onSystemGuests);

/** What `test` runs: everything else. */
export const plainTests: readonly string[] = ALL.filter((file) => !onSystemGuests(file));

import type { Check } from '../check.ts';
import type { TartFacts } from '../facts/tart.ts';
import { FIRST_WITH_AGENTS, isOlder } from '../version.ts';

/** The tap of the spec, which gets no newer Tart. (D14) */
const FROZEN_TAP = 'cirruslabs/cli';
/** Brings the newest Tart, from whichever tap the old one came. Formulas with their full names are trusted. */
const REINSTALL = 'brew uninstall tart softnet; brew install openai/tools/softnet openai/tools/tart';

interface BadVersions {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
  readonly isBad: (version: string) => boolean;
}

/** Versions of Tart with a known fault. (docs/tart.md, section 6, and trap 2) */
const BAD_VERSIONS: readonly BadVersions[] = [
  {
    id: 'tart-too-old',
    title: `Tart <version> is older than ${FIRST_WITH_AGENTS.tart}`,
    reason: "rusta works through 'tart exec', which cannot be used by programs before that.",
    isBad: (version) => isOlder(version, FIRST_WITH_AGENTS.tart),
  },
  {
    id: 'tart-silent-socket',
    title: 'Tart <version> loses guests that are started a second time',
    reason:
      'From 2.30.6 to 2.32.1 it leaves its control socket behind and then fails to make a new one: whoever starts a VM without rusta never reaches the guest agent.',
    isBad: (version) => !isOlder(version, '2.30.6') && isOlder(version, '2.32.2'),
  },
  {
    id: 'tart-fatal-socket',
    title: 'Tart <version> does not start a VM a second time',
    reason: "2.36.0 leaves its control socket behind and ends with 'Address already in use' when it finds it.",
    isBad: (version) => !isOlder(version, '2.36.0') && isOlder(version, '2.36.1'),
  },
];

export const TART_CHECKS: readonly Check[] = [
  ...BAD_VERSIONS.map(
    ({ isBad, ...bad }): Check => ({
      ...bad,
      group: 'Tart',
      command: REINSTALL,
      find: ({ tart: { version } }) => (version !== undefined && isBad(version) ? [{ version }] : []),
    }),
  ),
  {
    id: 'tart-frozen-tap',
    group: 'Tart',
    title: 'Tart comes from the tap <tap>, which is frozen',
    reason: 'It moved to openai/tools: from the old tap Homebrew never gets a newer one.',
    command: REINSTALL,
    // A bad version has a finding of its own, with the same command.
    find: ({ tart }) => (tart.tap === FROZEN_TAP && !hasBadVersion(tart) ? [{ tap: tart.tap }] : []),
  },
  {
    id: 'tart-untrusted-tap',
    group: 'Tart',
    title: 'Homebrew does not trust the tap <tap>, from which Tart comes',
    reason: 'From version 6 on it refuses to load what nobody trusted: Tart is never upgraded.',
    command: 'brew trust <tap>',
    find: ({ tart: { tap, isTrusted } }) => (tap !== undefined && tap !== FROZEN_TAP && isTrusted === false ? [{ tap }] : []),
  },
  {
    id: 'tart-list',
    group: 'Tart',
    title: 'Tart does not list its VMs: <failure>',
    reason: 'Without the list rusta knows no VM. The VMs were not checked.',
    command: 'tart list',
    find: ({ tart: { listFailure } }) => (listFailure === undefined ? [] : [{ failure: listFailure }]),
  },
];

function hasBadVersion({ version }: TartFacts): boolean {
  return version !== undefined && BAD_VERSIONS.some(({ isBad }) => isBad(version));
}

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { PHASES, WAYS, type Way } from './phases.ts';
import { BOUND_MS, type Case, runCase } from './run.ts';

/** Cases wait more than they work: several do so together. */
const AT_ONCE = 8;
const ALL = PHASES.flatMap((phase) => (phase.ways ?? (Object.keys(WAYS) as Way[])).map((way): Case => ({ phase, way })));
const problems = new Map<Case, string[]>();

beforeAll(
  async () => {
    const queue = ALL.values();
    const worker = async () => {
      for (const each of queue) problems.set(each, await runCase(each).catch((error: unknown) => [String(error)]));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  },
  Math.ceil(ALL.length / AT_ONCE) * BOUND_MS,
);

afterAll(() => console.log(`signals: ${ALL.length} cases at ${PHASES.length} moments`));

describe.each([...Map.groupBy(ALL, ({ phase }) => `rusta ${phase.args.join(' ')}, VM ${phase.vm}`)])('%s', (_, of) => {
  test.each(of.map((each) => [each.phase.while, each.way, each] as const))('%s: %s', (_moment, _way, each) => {
    expect(problems.get(each)).toEqual([]);
  });
});

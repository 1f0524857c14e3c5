import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { BOUND_MS, runCell } from './run.ts';
import { type Cell, cells } from './table.ts';

/** Cells wait more than they work: several do so together. */
const AT_ONCE = 8;
const ALL = cells();
const problems = new Map<Cell, string[]>();

// The slow ones first, so that they wait while the others run.
const isSlow = ({ fault }: Cell) => fault === 'hangs';

beforeAll(
  async () => {
    const queue = [...ALL.filter(isSlow), ...ALL.filter((cell) => !isSlow(cell))].values();
    const worker = async () => {
      for (const cell of queue) problems.set(cell, await runCell(cell));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  },
  Math.ceil(ALL.length / AT_ONCE) * BOUND_MS,
);

afterAll(() => {
  const perFault = Map.groupBy(ALL, ({ fault }) => fault);
  console.log(`fault matrix: ${ALL.length} cells (${[...perFault].map(([fault, of]) => `${of.length} ${fault}`).join(', ')})`);
});

test('the matrix has at least 250 cells', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(250);
});

describe.each([...Map.groupBy(ALL, ({ scenario }) => `rusta ${scenario.args.join(' ')}`)])('%s', (_, of) => {
  test.each(of.map((cell) => [cell.call, cell.fault, cell] as const))('%s %s', (_call, _fault, cell) => {
    expect(problems.get(cell)).toEqual([]);
  });
});

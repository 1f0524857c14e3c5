import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { atOnce } from './pool.ts';
import { showTable } from './print.ts';
import { BOUND_MS, type Outcome, runCell } from './run.ts';
import { SCENARIOS } from './scenarios.ts';
import { type Cell, cellsOf, isWaiting } from './table.ts';

/** What hangs is only waited for; the others need the processor. */
const WAITING_AT_ONCE = 40;
const WORKING_AT_ONCE = 8;

const ALL = cellsOf(SCENARIOS);
/** These wait for minutes, so they begin at once. */
const isLong = ({ call, treatment }: Cell) => call === 'scp' || treatment.expires === true;
const LONGEST_FIRST = ALL.toSorted((a, b) => Number(isLong(b)) - Number(isLong(a)));
let outcomes = new Map<Cell, Outcome>();

beforeAll(async () => {
  const parts = await Promise.all([
    atOnce(WAITING_AT_ONCE, LONGEST_FIRST.filter(isWaiting), runCell),
    atOnce(
      WORKING_AT_ONCE,
      ALL.filter((cell) => !isWaiting(cell)),
      runCell,
    ),
  ]);
  outcomes = new Map(parts.flatMap((part) => [...part]));
}, 5 * BOUND_MS);

afterAll(() => console.log(showTable(ALL, outcomes)));

test('the matrix has at least 850 cells', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(850);
});

describe.each(
  [...Map.groupBy(ALL, ({ scenario }) => scenario)].map(([{ args, vm }, of]) => [`rusta ${args.join(' ')} (VM: ${vm})`, of] as const),
)('%s', (_, of) => {
  test.each(of.map((cell) => [cell.call, cell.fault, cell.code, cell] as const))('%s %s: %s', (_call, _fault, _code, cell) => {
    expect(outcomes.get(cell)?.problems).toEqual([]);
  });
});

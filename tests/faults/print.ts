import type { Outcome } from './run.ts';
import { type Cell, FAULTS } from './table.ts';

const CALL_WIDTH = 30;
const CODE_WIDTH = 9;
/** Of the fault's name, for the head of a column. */
const HEADS = ['missing', 'exits 1', 'exits 2', 'killed', 'hangs', 'garbage', 'megabytes', 'partial', 'nothing'];

/** The exit code of each cell, a row for each call; `!` marks what is not as it must be. Then the counts. */
export function showTable(cells: readonly Cell[], outcomes: ReadonlyMap<Cell, Outcome>): string {
  const head = ['exit codes'.padEnd(CALL_WIDTH), ...HEADS.map((name) => name.padStart(CODE_WIDTH))].join('');
  const commands = [...Map.groupBy(cells, ({ scenario }) => scenario)].flatMap(([{ args, vm, without }, of]) => [
    `rusta ${args.join(' ')}   (VM: ${vm}${without === undefined ? '' : `, without ${without}`})`,
    ...[...Map.groupBy(of, ({ call }) => call)].map(([call, ofCall]) => row(call, ofCall, outcomes)),
  ]);
  return [head, ...commands, counts(cells, outcomes)].join('\n');
}

function row(call: string, cells: readonly Cell[], outcomes: ReadonlyMap<Cell, Outcome>): string {
  const shown = Object.keys(FAULTS).map((fault) => {
    const cell = cells.find((each) => each.fault === fault);
    const outcome = cell && outcomes.get(cell);
    return outcome === undefined ? '-' : `${outcome.problems.length > 0 ? '!' : ''}${outcome.code}`;
  });
  return [`  ${call}`.padEnd(CALL_WIDTH), ...shown.map((text) => text.padStart(CODE_WIDTH))].join('');
}

function counts(cells: readonly Cell[], outcomes: ReadonlyMap<Cell, Outcome>): string {
  const list = (groups: Map<unknown, readonly Cell[]>) => [...groups].map(([name, of]) => `${of.length} ${name}`).join(', ');
  const slowest = cells.toSorted((a, b) => (outcomes.get(b)?.seconds ?? 0) - (outcomes.get(a)?.seconds ?? 0)).slice(0, 3);
  const wrong = cells.filter((cell) => outcomes.get(cell)?.problems.length !== 0).length;
  return [
    `fault matrix: ${cells.length} cells, ${wrong} not as they must be (${list(Map.groupBy(cells, ({ fault }) => fault))})`,
    `by exit code: ${list(Map.groupBy(cells, ({ code }) => `with ${code}`))}`,
    `slowest: ${slowest.map((cell) => `${cell.scenario.args[0]}, ${cell.call} ${cell.fault} ${Math.round(outcomes.get(cell)?.seconds ?? 0)} s`).join('; ')}`,
  ].join('\n');
}

import { join } from 'node:path';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { cheapUname } from './cheap-uname.ts';
import { ms, type Row, sideBySide } from './measure.ts';

const RUNS = 50;
const OVER_TART_MS = 12;
const MANY = 1_000;
const MANY_MS = 60;

export async function benchList(rusta: string): Promise<Row[]> {
  await using mac = await createMac();
  await using full = await createMac();
  await using empty = await createMac();
  for (const each of [mac, full, empty]) cheapUname(each);
  for (const name of ['lab', 'web', 'db']) await mac.addVm(name);
  return [overTart(rusta, mac), await many(rusta, full, empty)];
}

function overTart(rusta: string, mac: Mac): Row {
  const [ours = Number.NaN, theirs = Number.NaN] = sideBySide(RUNS, [
    { argv: [rusta, 'list'], env: mac.env },
    { argv: [join(mac.bin, 'tart'), 'list', '--format', 'json'], env: mac.env },
  ]);
  return {
    what: '`rusta list` over the `tart list` that it runs',
    measured: ms(ours - theirs),
    budget: ms(OVER_TART_MS),
    ok: ours - theirs <= OVER_TART_MS,
    how: `${ms(ours)} and ${ms(theirs)}, medians of ${RUNS}`,
  };
}

/** Tart's own time for 1,000 VMs is not ours: it prints a prepared list, on a second Mac an empty one. */
async function many(rusta: string, full: Mac, empty: Mac): Promise<Row> {
  await full.addVm('lab');
  const { stdout } = await full.run('tart', ['list', '--format', 'json']);
  const [row] = JSON.parse(stdout) as Record<string, unknown>[];
  const rows = Array.from({ length: MANY }, (_, index) => ({ ...row, Name: `vm-${index}` }));
  const prepared = (list: unknown[]) => [
    { program: 'tart', args: ['list'], do: 'partial' as const, stdout: `${JSON.stringify(list, null, 2)}\n` },
  ];
  full.configure({ faults: prepared(rows) });
  empty.configure({ faults: prepared([]) });
  const shown = (await full.rusta(['list'])).stdout.split('\n').filter((line) => line.startsWith('vm-')).length;
  if (shown !== MANY) throw new Error(`rusta list shows ${shown} of ${MANY} VMs`);
  const [ours = Number.NaN, base = Number.NaN] = sideBySide(RUNS, [
    { argv: [rusta, 'list'], env: full.env },
    { argv: [rusta, 'list'], env: empty.env },
  ]);
  return {
    what: `\`rusta list\` with ${MANY.toLocaleString('en')} VMs over one with none`,
    measured: ms(ours - base),
    budget: ms(MANY_MS),
    ok: ours - base <= MANY_MS,
    how: `${ms(ours)} and ${ms(base)}, medians of ${RUNS}`,
  };
}

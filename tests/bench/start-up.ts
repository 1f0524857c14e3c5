import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../build.ts';
import { type Measured, ms, type Row, sideBySide } from './measure.ts';

const RUNS = 100;
const BUDGET = 1.5;

/** What any program of this compiler costs is not ours: an empty one is the measure. */
export async function benchStartUp(rusta: string, env: Measured['env'], folder: string): Promise<Row[]> {
  const entrypoint = join(folder, 'empty.ts');
  const empty = join(folder, 'empty');
  mkdirSync(folder, { recursive: true });
  writeFileSync(entrypoint, 'export {};\n');
  await compile({ entrypoint, outfile: empty });
  const [ours = Number.NaN, theirs = Number.NaN] = sideBySide(RUNS, [
    { argv: [rusta, '--version'], env },
    { argv: [empty], env },
  ]);
  const ratio = ours / theirs;
  return [
    {
      what: 'start-up: `rusta --version` beside an empty program',
      measured: `${ratio.toFixed(2)}x`,
      budget: `${BUDGET}x`,
      ok: ratio <= BUDGET,
      how: `${ms(ours)} and ${ms(theirs)}, medians of ${RUNS}`,
    },
  ];
}

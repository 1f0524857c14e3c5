/**
 * `bun run bench [--markdown]`: what rusta itself costs, beside the programs that it runs, in one run. It measures and asserts
 * nothing: exit code 0 unless something could not be run.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchComplete } from '../bench/complete.ts';
import { benchCopy } from '../bench/copy.ts';
import { benchFirstCreate } from '../bench/first-create.ts';
import { benchList } from '../bench/list.ts';
import type { Row } from '../bench/measure.ts';
import { benchPrograms } from '../bench/programs.ts';
import { benchReach } from '../bench/reach.ts';
import { benchStartUp } from '../bench/start-up.ts';
import { markdownTable, textTable } from '../bench/table.ts';
import { benchVersions } from '../bench/versions.ts';
import { benchWaits } from '../bench/waits.ts';
import { buildStandin } from '../sandbox/build.ts';
import { bun, ROOT } from './steps.ts';

const RUSTA = join(ROOT, 'dist', 'rusta');
const started = performance.now();

for (const argv of [bun('install', '--frozen-lockfile'), bun('run', '--silent', 'build')]) {
  // Standard output is the table's alone.
  const { exitCode } = Bun.spawnSync(argv, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (exitCode !== 0) process.exit(exitCode);
}
await buildStandin();

const rows: Row[] = [
  ...(await part('start-up', () => benchStartUp(RUSTA, { PATH: '/usr/bin:/bin', HOME: '/nowhere' }, join(ROOT, 'dist', 'bench')))),
  ...(await part('list', () => benchList(RUSTA))),
  ...(await part('copy', () => benchCopy(RUSTA))),
  ...(await part('completion', () => benchComplete(RUSTA))),
  ...(await part('versions', benchVersions)),
  ...(await part('programs started', benchPrograms)),
  ...(await part('waits', () => benchWaits(RUSTA))),
  ...(await part('ways into a guest', () => benchReach(RUSTA))),
  ...(await part('a first create', benchFirstCreate)),
];
const over = rows.filter(({ ok }) => !ok).length;
const where = `${process.platform} ${process.arch}, ${cpus().length} CPUs, Bun ${Bun.version}`;
if (process.argv.includes('--markdown')) {
  console.log(markdownTable(rows));
  console.log(`\nMeasured side by side in one run of \`bun run bench\` on ${where}, with the stand-in Mac of tests/sandbox.`);
} else {
  console.log(`\n${textTable(rows)}\n`);
  const verdict = over === 0 ? 'all within their budgets' : `${over} OVER budget`;
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(`bench: ${rows.length} measurements, ${verdict} (${where}; ${seconds} s)`);
}

async function part(title: string, measure: () => Promise<Row[]>): Promise<Row[]> {
  console.error(`measuring ${title} ...`);
  return measure();
}

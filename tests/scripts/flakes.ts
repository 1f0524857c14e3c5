/**
 * `bun run test:flakes [n] [--seed s] [--together t] [file]...`: runs what `bun run test` runs n times (10), each time in another random
 * order, and lists every test that did not pass each time, with how often it did and the seeds of the runs where it did not.
 * Exit code 1 if there is one.
 *
 * Tests that flake do so under load, and the suite loads itself: t runs (1) go on side by side, each with four processes more than there are
 * processors, and each process starts many programs. On two idle processors that is a load of 15 to 20, which is measured and told at the
 * end; where it was less, raise t. Two runs together are twice that. A run in the order of seed s comes again with
 * `bun run test:flakes 1 --seed s`; its output is kept in dist/reports.
 */
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plainTests } from './files.ts';
import { readCases, readJunit } from './junit.ts';
import { buildSandbox, bun, ROOT, runTests, step } from './steps.ts';
import { closingLine, duration } from './tally.ts';

const RUNS = 10;
const TOGETHER = 1;
const SEEDS = 1_000_000;
/** For each processor, what counts as load. */
const LOAD = 4;
const LOOK_MS = 5_000;

interface Run {
  readonly seed: number;
  /** Names of the tests that passed; those that were skipped are in neither list. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Why nothing of it counts: it had no report, or ended with a failure that is none of a test. */
  readonly broken: boolean;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, together: { type: 'string' } },
});
const isCount = (word: string | undefined) => word !== undefined && /^\d+$/.test(word);
const count = isCount(positionals[0]) ? Number(positionals.shift()) : RUNS;
const together = Number(values.together ?? TOGETHER);
const firstSeed = Number(values.seed ?? Math.floor(Math.random() * SEEDS));
const files = positionals.length === 0 ? plainTests : plainTests.filter((file) => positionals.some((word) => file.includes(word)));

process.exitCode = await main();

async function main(): Promise<number> {
  const started = performance.now();
  for (const ready of [await step('Build', ...bun('run', '--silent', 'build')), await buildSandbox()]) if (ready.failed > 0) return 1;
  console.log(`\n## ${count} runs of ${files.length} files, ${together} at a time, seeds ${firstSeed} to ${firstSeed + count - 1}`);
  const loads: number[] = [];
  const timer = setInterval(() => loads.push(loadavg()[0] ?? 0), LOOK_MS);
  const runs = await allRuns();
  clearInterval(timer);
  const flaky = report(runs);
  tellLoad(loads);
  const names = new Set(runs.flatMap(({ passed, failed }) => [...passed, ...failed]));
  const broken = runs.filter((run) => run.broken).length;
  console.log(`The whole took ${duration(performance.now() - started)}.`);
  console.log(closingLine({ passed: names.size - flaky, failed: flaky + broken }));
  return flaky + broken === 0 ? 0 : 1;
}

async function allRuns(): Promise<Run[]> {
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index).values();
  const runs: Run[] = [];
  const worker = async () => {
    for (const seed of seeds) runs.push(await runOnce(seed));
  };
  await Promise.all(Array.from({ length: together }, worker));
  return runs;
}

async function runOnce(seed: number): Promise<Run> {
  const started = performance.now();
  const title = `flakes-${seed}`;
  const { code, xml } = await runTests({ title, files, seed, log: join(ROOT, 'dist', 'reports', `${title}.log`) });
  const cases = readCases(xml);
  const names = (wanted: string) => cases.filter(({ end }) => end === wanted).map(({ name }) => name);
  const tally = readJunit(xml);
  const broken = tally.passed === 0 || (code !== 0 && tally.failed === 0);
  console.log(`seed ${seed}: ${closingLine(tally)}${broken ? `, and ended with ${code}` : ''} (${duration(performance.now() - started)})`);
  return { seed, passed: names('passed'), failed: names('failed'), broken };
}

/** Prints a line for each test that did not pass in every run, and returns how many there are. */
function report(runs: readonly Run[]): number {
  const passes = new Map<string, number[]>();
  for (const { seed, passed } of runs) for (const name of passed) passes.set(name, [...(passes.get(name) ?? []), seed]);
  for (const { failed } of runs) for (const name of failed) if (!passes.has(name)) passes.set(name, []);
  const flaky = [...passes].filter(([, seeds]) => seeds.length < runs.length);
  for (const [name, seeds] of flaky.sort(([, a], [, b]) => a.length - b.length)) {
    const others = runs.map(({ seed }) => seed).filter((seed) => !seeds.includes(seed));
    console.log(`${seeds.length} of ${runs.length}: ${name}\n    not with seed ${others.join(', ')}`);
  }
  return flaky.length;
}

function tellLoad(loads: readonly number[]): void {
  const average = loads.reduce((sum, load) => sum + load, 0) / Math.max(loads.length, 1);
  const processors = availableParallelism();
  const hint = average < LOAD * processors ? '; that proves little, raise --together' : '';
  console.log(`\nThe load was ${average.toFixed(1)} on average, on ${processors} processors${hint}.`);
}

import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryFolder } from '../sandbox/mac/memory.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import { readCases, readJunit } from './junit.ts';
import { duration, type Tally } from './tally.ts';

export const ROOT = join(import.meta.dir, '..', '..');
const REPORTS = join(ROOT, 'dist', 'reports');

/** Bun itself: scripts must not depend on what PATH says. */
const BUN = process.execPath;

/** What `bun test` and our own scripts leave to their children; CI and NODE_ENV are not theirs to set. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'NODE_ENV' ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

export interface ShellOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes; ours if absent. */
  readonly log?: string;
}

/** Runs a program in the repository; its exit code. */
export async function sh(argv: readonly string[], { env = {}, log }: ShellOptions = {}): Promise<number> {
  const output = log === undefined ? 'inherit' : Bun.file(log);
  const child = Bun.spawn([...argv], { cwd: ROOT, env: { ...environment(), ...env }, stdio: ['ignore', output, output] });
  return child.exited;
}

/** One check, counted as one test. */
export async function step(title: string, ...argv: string[]): Promise<Tally> {
  console.log(`\n## ${title}`);
  const started = performance.now();
  const code = await sh(argv);
  const took = duration(performance.now() - started);
  console.log(code === 0 ? `ok: ${title} (${took})` : `FAILED: ${title} (exit ${code}, ${took})`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

export const bun = (...args: string[]): string[] => [BUN, ...args];
/** A program of node_modules. */
export const tool = (name: string, ...args: string[]): string[] => [BUN, 'x', '--bun', name, ...args];

/** What the tests share is made before they begin, or each of their processes would make it. */
export const buildSandbox = (): Promise<Tally> => step("The sandbox's programs", ...bun('tests/sandbox/build.ts'));

/** Files of which each takes a good part of the whole time, in seconds of an idle machine: they must not begin last. */
const LONG: Readonly<Record<string, number>> = {
  'tests/faults/faults.test.ts': 290,
  'tests/acceptance/acceptance.test.ts': 80,
  'tests/signals/phases.test.ts': 70,
  'tests/e2e/create/phases.test.ts': 60,
  'tests/e2e/create/phases-failures.test.ts': 50,
  'tests/e2e/release/release.test.ts': 50,
  'tests/sequences/sequences.test.ts': 45,
  'tests/e2e/lifecycle/at-work.test.ts': 45,
  'tests/e2e/create/progress.test.ts': 45,
  'tests/e2e/state/behind-our-back-killed.test.ts': 40,
  'tests/e2e/create/status.test.ts': 40,
  'tests/fuzz/text.test.ts': 40,
  'tests/e2e/doctor/faults.test.ts': 40,
  'tests/e2e/doctor/vms.test.ts': 40,
  'tests/mac-like/local-network.test.ts': 30,
  'tests/e2e/reach/spec-docker.test.ts': 25,
  'tests/e2e/reach/spec-docker-config.test.ts': 15,
  'tests/acceptance/acceptance-failures.test.ts': 10,
  'tests/system/create/provision.test.ts': 210,
  'tests/system/docker/killed.test.ts': 180,
  'tests/system/create/provision-races.test.ts': 150,
  'tests/system/create/provision-desktop.test.ts': 90,
  'tests/system/docker/faults-guest.test.ts': 90,
  'tests/system/docker/faults-interrupted.test.ts': 80,
  'tests/system/create/interrupted.test.ts': 80,
  'tests/system/reach/penalties.test.ts': 80,
  'tests/system/docker/faults.test.ts': 50,
};
const SHORT_S = 3;

export interface TestRun {
  /** Names its report. */
  readonly title: string;
  readonly files: readonly string[];
  /** Of the order of the tests in each file and of random ones; without it, both are as always. */
  readonly seed?: number;
  /** Whether how long each file took is kept for the next run. */
  readonly isTimed?: boolean;
  /** Processes; four more than there are processors if absent: with two more, a tenth of their time went by unused. */
  readonly workers?: number;
  readonly log?: string;
}

/** `bun test` over these files, each of them alone in its world, several at a time; returns its exit code and its report. */
export async function runTests({
  title,
  files,
  seed,
  isTimed = false,
  workers = availableParallelism() + 4,
  log,
}: TestRun): Promise<{ code: number; xml: string }> {
  mkdirSync(REPORTS, { recursive: true });
  const report = join(REPORTS, `${title.replaceAll(/\W+/g, '-')}.xml`);
  rmSync(report, { force: true });
  // `bun test` runs no exit handlers: what tests leave in the temporary folder goes with the folder.
  const scratch = mkdtempSync(join(memoryFolder() ?? tmpdir(), 'rusta-tests-'));
  const flags = [`--parallel=${workers}`, `--timeout=${TEST_MS}`, ...(seed === undefined ? [] : [`--seed=${seed}`])];
  const reporting = ['--dots', '--reporter=junit', `--reporter-outfile=${report}`];
  const times = [`--timings=${knownTimes(files)}`, ...(isTimed ? ['--update-timings'] : [])];
  const argv = bun('test', ...flags, ...reporting, ...times, ...files.map((file) => `./${file}`));
  const code = await sh(argv, {
    env: { TMPDIR: scratch, ...(seed === undefined ? {} : { SEED: String(seed) }) },
    ...(log === undefined ? {} : { log }),
  });
  rmSync(scratch, { recursive: true, force: true });
  return { code, xml: existsSync(report) ? readFileSync(report, 'utf8') : '' };
}

/** The same for people: every test counts, and those that fail are named once more at the end. */
export async function tests(title: string, files: readonly string[], workers?: number): Promise<Tally> {
  console.log(`\n## ${title}`);
  const started = performance.now();
  const { code, xml } = await runTests({ title, files, isTimed: true, ...(workers === undefined ? {} : { workers }) });
  for (const { name, end } of readCases(xml)) if (end === 'failed') console.log(`FAILED: ${name}`);
  if (xml === '') console.log('no test report');
  console.log(`${title}: ${duration(performance.now() - started)}`);
  const tally = readJunit(xml);
  // A crash between tests fails no test, but it is a failure.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/** A file that says how long each test file takes, as the last run measured it, so that those which take longest begin first. */
function knownTimes(files: readonly string[]): string {
  const path = join(REPORTS, 'timings.json');
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { files: Record<string, number> }).files : {};
  const guessed = Object.fromEntries(files.map((file) => [file, (LONG[file] ?? SHORT_S) * 1_000]));
  // Others may be reading it.
  writeFileSync(`${path}.${process.pid}`, JSON.stringify({ version: 1, files: { ...guessed, ...known } }));
  renameSync(`${path}.${process.pid}`, path);
  return path;
}

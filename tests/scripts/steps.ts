import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJunit, type Tally } from './tally.ts';

const ROOM_BYTES = 1024 ** 3;

export const ROOT = join(import.meta.dir, '..', '..');

/** Bun itself: scripts must not depend on what PATH says. */
const BUN = process.execPath;

/** What `bun test` and our own scripts leave to their children; CI and NODE_ENV are not theirs to set. */
function environment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || name === 'NODE_ENV' ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}

/** Runs a program in the repository on our own stdout and stderr; its exit code. */
export async function sh(argv: readonly string[], extra: Readonly<Record<string, string>> = {}): Promise<number> {
  const child = Bun.spawn([...argv], { cwd: ROOT, env: { ...environment(), ...extra }, stdio: ['ignore', 'inherit', 'inherit'] });
  return child.exited;
}

/** One check, counted as one test. */
export async function step(title: string, ...argv: string[]): Promise<Tally> {
  console.log(`\n## ${title}`);
  const started = performance.now();
  const code = await sh(argv);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(code === 0 ? `ok: ${title} (${seconds} s)` : `FAILED: ${title} (exit ${code}, ${seconds} s)`);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

export const bun = (...args: string[]): string[] => [BUN, ...args];
/** A program of node_modules. */
export const tool = (name: string, ...args: string[]): string[] => [BUN, 'x', '--bun', name, ...args];

/** `bun test` over these folders; every test counts. */
export async function tests(title: string, folders: readonly string[], timeoutMs: number): Promise<Tally> {
  console.log(`\n## ${title}`);
  const report = join(ROOT, 'dist', 'reports', `${title.replaceAll(/\W+/g, '-')}.xml`);
  mkdirSync(join(ROOT, 'dist', 'reports'), { recursive: true });
  rmSync(report, { force: true });
  // `bun test` runs no exit handlers: what tests leave in the temporary folder goes with the folder.
  const scratch = mkdtempSync(join(temporaryRoot(), 'rusta-tests-'));
  const argv = bun('test', `--timeout=${timeoutMs}`, '--reporter=junit', `--reporter-outfile=${report}`, ...folders);
  const code = await sh(argv, { TMPDIR: scratch });
  rmSync(scratch, { recursive: true, force: true });
  const tally = readReport(report);
  // A crash between tests fails no test, but it is a failure.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

/** In memory where there is room: tests that sync files to a busy disk wait for seconds. */
function temporaryRoot(): string {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > ROOM_BYTES ? memory : tmpdir();
}

function readReport(path: string): Tally {
  try {
    return readJunit(readFileSync(path, 'utf8'));
  } catch (error) {
    console.log(`no test report: ${String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ours } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { processesOf } from '../sandbox/processes.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import { checkEnd, checkProcesses } from './check.ts';
import { OBSTACLES, type Obstacle, TASKS, type Task } from './obstacles.ts';
import { atOnce } from './pool.ts';
import { harm, plant, snapshot } from './user-files.ts';

interface Cell {
  readonly obstacle: Obstacle;
  readonly name: keyof typeof TASKS;
}

const AT_ONCE = 6;
const ALL: readonly Cell[] = OBSTACLES.flatMap((obstacle) => Object.keys(TASKS).map((name) => ({ obstacle, name: name as Cell['name'] })));
let problems: ReadonlyMap<Cell, string[]>;

beforeAll(async () => {
  problems = await atOnce(AT_ONCE, ALL, runCell);
}, 2 * TEST_MS);

afterAll(() => {
  const stopped = OBSTACLES.reduce((sum, { stops }) => sum + stops.length, 0);
  console.log(`files in the way: ${ALL.length} cells (${stopped} stop the command, the others must not)`);
});

async function runCell({ obstacle, name }: Cell): Promise<string[]> {
  const { args, vm, afterwards }: Task = TASKS[name];
  await using mac = await createMac();
  if (vm !== 'none') await mac.addVm('lab', { running: vm === 'running' });
  plant(mac);
  for (const log of ['run/lab.log', 'provision/lab.log']) {
    mkdirSync(dirname(ours(mac, log)), { recursive: true });
    writeFileSync(ours(mac, log), 'an old line\n');
  }
  const mark = standInTheWay(mac, obstacle);
  const before = snapshot(mac, obstacle.path);
  const processes = new Set(processesOf(mac.root));
  const result = await mac.rusta(args).catch((error: unknown) => String(error));
  if (typeof result === 'string') return [result];
  const isStopped = obstacle.stops.includes(name);
  const problems = [
    ...checkEnd(result, { code: isStopped ? 1 : 0 }),
    ...harm(mac, before, { mayChange: isStopped && name !== 'create' && name !== 'docker-setup' ? 'nothing' : 'our part' }),
  ];
  if (isStopped && !result.stderr.includes(`${mac.home}/${obstacle.path}`))
    problems.push(`does not name what is in the way: ${result.stderr}`);
  if (isStopped && !afterwards(mac)) problems.push('left the VM as it must not be');
  if (readFileSync(mark, 'utf8') !== "the user's") problems.push('what was in the way is not what it was');
  return [...problems, ...(await checkProcesses(mac, processes))];
}

/** The file by which it is known. */
function standInTheWay(mac: Mac, { kind, path }: Obstacle): string {
  const place = join(mac.home, path);
  const mark = kind === 'file' ? place : join(place, 'mark');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, "the user's");
  return mark;
}

describe.each(OBSTACLES.map((obstacle) => [`a ${obstacle.kind} at ~/${obstacle.path}`, obstacle] as const))('%s', (_, obstacle) => {
  test.each(ALL.filter((cell) => cell.obstacle === obstacle).map((cell) => [cell.name, cell] as const))('%s', (_name, cell) => {
    expect(problems.get(cell)).toEqual([]);
  });
});

import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withHomebrew } from '../../src/tools/homebrew/path.ts';
import type { Step } from '../acceptance/evidence.ts';
import { ITEMS } from '../acceptance/items.ts';
import type { Env } from '../acceptance/place.ts';
import type { World } from '../acceptance/world.ts';

const HOMEBREW = '/opt/homebrew/bin';
/** An agent has half of the time of `down`; a slow guest of a real Mac needs so much, in seconds. */
const SLOWEST_GUEST = 10;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rusta-items-'));
  mkdirSync(join(folder, 'files'));
  mkdirSync(join(folder, 'home/.local/share/rusta'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What an item starts of rusta on a real Mac, with the whole environment; nothing is run. */
async function startedBy(number: number): Promise<{ readonly args: readonly string[]; readonly env: Env }[]> {
  const place = { id: 'x', folder, home: join(folder, 'home'), env: { PATH: `${process.env['PATH']}:${HOMEBREW}` } };
  const started: { args: readonly string[]; env: Env }[] = [];
  const step: Step = { argv: [], environment: {}, exitCode: 0, signal: null, stdout: '{}', stderr: '', seconds: 0 };
  const world: World = {
    place,
    name: (suffix) => suffix,
    async rusta(args, _code, env = {}) {
      started.push({ args, env: { ...place.env, ...env } });
      return step;
    },
    terminal: async () => step,
    run: async () => step,
    check: () => {},
    says: () => {},
    note: () => {},
    once: (_what, make) => make(),
  };
  await ITEMS.find((item) => item.number === number)?.run(world);
  return started;
}

test('on a real Mac the agent has time enough to shut a slow guest down before its power button is pressed', async () => {
  const [down] = (await startedBy(16)).filter(({ args }) => args.includes('--timeout'));
  expect(Number(down?.args.at(-1)) / 2).toBeGreaterThanOrEqual(SLOWEST_GUEST);
});

test('the item without brew hides it where Homebrew stands in its usual folder, too', async () => {
  const calls = await startedBy(29);
  expect(calls).not.toHaveLength(0);
  for (const { env } of calls) {
    const path = withHomebrew(env, (place) => place === HOMEBREW || existsSync(place))['PATH'] ?? '';
    expect(path.split(':')).not.toContain(HOMEBREW);
  }
});

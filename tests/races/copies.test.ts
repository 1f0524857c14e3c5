import { afterEach, beforeEach, expect, test } from 'bun:test';
import { RUSTA } from '../e2e/rusta.ts';
import { commands, readState, untilFree } from '../e2e/state.ts';
import { runKilled, setTraps } from '../sandbox/kill.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { PATIENCE_MS, TEST_MS, waitUntil } from '../sandbox/wait.ts';
import { heldBack, holdBack, letGo } from './hold-back.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const EIGHT = Array.from({ length: 8 }, (_, index) => `web${index + 1}`);
const copy = (vm: string) => mac.rusta(['create', vm, '--from', 'lab'], { timeoutMs: TEST_MS });
const clones = () => commands(mac, 'tart').filter((line) => line.startsWith('clone'));
/** A copy that waits at its `tart clone`. */
async function copyHeldBack() {
  holdBack(mac, 'tart', '[ "$1" != clone ]');
  const create = mac.start(RUSTA, ['create', 'web', '--from', 'lab']);
  await waitUntil('tart clone', () => heldBack(mac).length === 1);
  return create;
}
const nothingLeft = () => expect({ web: mac.vm('web').exists, state: (readState(mac) ?? '').trim() }).toEqual({ web: false, state: '' });

test(
  'when one VM is copied eight times at once, then all copies succeed',
  async () => {
    const results = await Promise.all(EIGHT.map(copy));
    expect(results.filter(({ code, stderr }) => code !== 0 || stderr !== '')).toEqual([]);
    expect(EIGHT.filter((vm) => !mac.vm(vm).exists)).toEqual([]);
    expect(new Set(EIGHT.map((vm) => mac.vm(vm).config.macAddress)).size).toBe(EIGHT.length);
  },
  TEST_MS,
);

test(
  'when two copies want one name, then one is made and the other is refused',
  async () => {
    const results = await Promise.all(['web', 'Web'].map(copy));
    expect(results.filter(({ stdout }) => stdout.includes('Copying'))).toHaveLength(1);
    expect(clones()).toHaveLength(1);
    for (const { code, stderr } of results.filter(({ stdout }) => !stdout.includes('Copying'))) {
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/is busy|macOS does not tell/) });
    }
  },
  TEST_MS,
);

test('when the source is deleted while it is copied, then create ends with 2, and nothing is left', async () => {
  const create = await copyHeldBack();
  await mac.run('tart', ['delete', 'lab']);
  letGo(mac);
  const { code, stderr } = await create.exited;
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("VM 'lab' not found\nIt was deleted meanwhile.") });
  nothingLeft();
});

test('when somebody starts the source while it is copied, then create fails, and nothing is left', async () => {
  const create = await copyHeldBack();
  mac.start('tart', ['run', 'lab', '--no-graphics']);
  await waitUntil('lab to run', () => mac.vm('lab').isRunning);
  letGo(mac);
  const { code, stderr } = await create.exited;
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'lab' was started while it was copied") });
  nothingLeft();
  expect(mac.vm('lab').isRunning).toBe(true);
});

test.each<string[]>([
  ['up', 'lab'],
  ['delete', 'lab', '--yes'],
])('when rusta %s meets a source that is being copied, then it waits or is told that it is busy', async (...args: string[]) => {
  const create = await copyHeldBack();
  const other = mac.start(RUSTA, args);
  if (args[0] === 'up') await waitUntil('up to look', () => commands(mac, 'tart').filter((line) => line.startsWith('list')).length >= 2);
  else expect(await other.exited).toMatchObject({ code: 1, stderr: expect.stringContaining("'rusta create web --from lab (pid ") });
  letGo(mac);
  expect(await create.exited).toMatchObject({ code: 0, stderr: '' });
  if (args[0] === 'up') expect(await other.exited).toMatchObject({ code: 0, stderr: '' });
  expect(mac.vm('lab').exists).toBe(true);
});

test(
  'when create is killed with -9 at any program, then the next try ends with a whole copy, and the source is as it was',
  async () => {
    setTraps(mac, ['tart', 'uname']);
    const create = (vm: string, ...more: string[]) => [RUSTA, 'create', vm, '--from', 'lab', '--cpus', '2', ...more];
    const { started } = await runKilled(mac, create('count', '--up'), { program: 1_000, delay: 0 });
    for (let at = 1; at <= started; at += 1) {
      const vm = `vm${at}`;
      await runKilled(mac, create(vm, '--up'), { program: at, delay: 0 });
      await untilFree(mac);
      const again = await mac.rusta(create(vm).slice(1));
      if (again.code !== 0) expect({ at, ...(await mac.rusta(['create', vm, '--resume'])) }).toMatchObject({ at, code: 0 });
      expect({ at, cpus: mac.vm(vm).config.cpuCount }).toEqual({ at, cpus: 2 });
      // The killed one may have started it.
      expect(await mac.rusta(['up', vm])).toMatchObject({ code: 0, stderr: '' });
      expect(readState(mac)).not.toContain('pending');
      expect(await mac.rusta(['down', vm])).toMatchObject({ code: 0 });
      await waitUntil(`${vm} to be off`, () => !mac.vm(vm).isRunning, PATIENCE_MS);
      expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    }
  },
  TEST_MS,
);

import { afterEach, beforeEach, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const runs = () => commands(mac, 'tart').filter((line) => line.startsWith('run '));
const boot = () => readFileSync(ours(mac, 'run/lab.boot'), 'utf8');

test('create --up boots a server once, and hands it over', async () => {
  const { code, stdout, stderr } = await mac.rusta(['create', 'lab', '--up']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/\[ok\] VM 'lab' is ready\n\[ok\] VM 'lab' is running\n\[ok\] IP address: \S+\n$/);
  expect(runs()).toEqual(['run lab --no-graphics']);
  expect(commands(mac, 'guest:shutdown')).toEqual([]);
  expect(mac.vm('lab').isRunning).toBe(true);
  expect(boot()).toMatch(new RegExp(`^${mac.vm('lab').runPid} headless ready kept `));
  expect(readState(mac)?.trim()).toBe('[vms.lab]\ngui = false');
  expect((await mac.rusta(['up', 'lab'])).stdout).toBe("[skip] VM 'lab' is already running\n");
  expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0, stderr: '' });
});

test('a desktop boots anew, for it has a window then', async () => {
  expect(await mac.rusta(['create', 'lab', '--gui', '--up'])).toMatchObject({ code: 0, stderr: '' });
  expect(runs()).toEqual(['run lab --no-graphics', 'run lab']);
  expect(boot()).toContain(' window ready kept ');
});

test('Ctrl-C once it is the user’s leaves it running', async () => {
  mac.configure({ behavior: { ip: 'never' } });
  const create = mac.start(RUSTA, ['create', 'lab', '--up'], { env: { RUSTA_IP_TIMEOUT: '600' } });
  await create.waitFor("VM 'lab' is running");
  create.kill('SIGINT');
  expect((await create.exited).code).toBe(130);
  expect(mac.vm('lab').isRunning).toBe(true);
  expect(readState(mac)).not.toContain('setup');
});

test('a VM whose set-up fails does not stay up', async () => {
  mac.configure({ faults: [{ program: 'guest:apt-get', args: ['-y'], do: 'exit', code: 1 }] });
  expect(await mac.rusta(['create', 'lab', '--up'])).toMatchObject({ code: 1 });
  expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
  mac.configure({ faults: [] });
  expect(await mac.rusta(['create', 'lab', '--resume', '--up'])).toMatchObject({ code: 0, stderr: '' });
  expect(mac.vm('lab').isRunning).toBe(true);
});

test.each([
  [false, 'It stays as it is. Not done: --up\n'],
  [true, ''],
])('a VM that exists is skipped (running: %p)', async (running, notDone) => {
  await mac.addVm('lab', { running });
  const { code, stdout, stderr } = await mac.rusta(['create', 'lab', '--up']);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: `[skip] VM 'lab' already exists\n${notDone}To recreate: rusta delete lab && rusta create lab ...\n`,
    stderr: '',
  });
  expect(mac.vm('lab').isRunning).toBe(running);
});

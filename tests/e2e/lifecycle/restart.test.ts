import { afterEach, beforeEach, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const runs = () => commands(mac, 'tart').filter((line) => line.startsWith('run '));

test('restart shuts a VM down and starts it', async () => {
  await mac.rusta(['up', 'lab']);
  const before = mac.vm('lab').runPid;
  const { code, stdout, stderr } = await mac.rusta(['restart', 'lab']);
  expect({ code, stderr, stdout: stdout.replace(/(address: ).*/, '$1one') }).toEqual({
    code: 0,
    stderr: '',
    stdout: `==> Shutting down VM 'lab'
[ok] VM 'lab' is stopped
==> Starting VM 'lab' (headless)
[ok] VM 'lab' is running
[ok] IP address: one
`,
  });
  expect(mac.vm('lab').isRunning).toBe(true);
  expect(mac.vm('lab').runPid).not.toBe(before);
  expect(commands(mac, 'guest:shutdown')).toEqual(['-h now']);
});

test('a VM that is off is started; without a name it is the default VM', async () => {
  writeState(mac, 'default_vm = "lab"\n');
  const { code, stdout, stderr } = await mac.rusta(['restart']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toStartWith("[skip] VM 'lab' is already stopped\n==> Starting VM 'lab' (headless)\n");
  expect(mac.vm('lab').isRunning).toBe(true);
});

test('it takes the flags of both', async () => {
  await mac.rusta(['up', 'lab']);
  const { code, stdout } = await mac.rusta(['restart', 'lab', '--force', '--graphical']);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("==> Stopping VM 'lab'\n") });
  expect(runs()).toEqual(['run lab --no-graphics', 'run lab']);
  expect(commands(mac, 'guest:shutdown')).toEqual([]);
  expect((await mac.rusta(['restart', 'lab', '--no-gui'])).code).toBe(0);
  expect(runs().at(-1)).toBe('run lab --no-graphics');
});

test('a guest that does not stop in time is not started again', async () => {
  mac.configure({ behavior: { ignoresShutdown: true } });
  await mac.rusta(['up', 'lab']);
  const { code, stderr } = await mac.rusta(['restart', 'lab', '--timeout', '1']);
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'lab' did not stop within 1 s") });
  expect(runs()).toHaveLength(1);
  expect(mac.vm('lab').isRunning).toBe(true);
});

test.each([
  [['restart', 'nope'], 2, "VM 'nope' not found"],
  [['restart', 'lab', '--graphical', '--no-gui'], 1, "flags '--graphical' and '--no-gui' exclude each other"],
  [['restart', 'lab', '--timeout', '0'], 1, "flag '--timeout' takes a whole number"],
])('rusta %p ends with %i', async (args, code, text) => {
  expect(await mac.rusta(args)).toMatchObject({ code, stderr: expect.stringContaining(text) });
  expect(mac.vm('lab').isRunning).toBe(false);
});

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { hasEnded } from '../../sandbox/processes.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { commands, ours, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const tart = () => commands(mac, 'tart');

test('down shuts the default VM down, a second down is a skip (spec 10, item 14)', async () => {
  await mac.addVm('lab');
  writeState(mac, 'default_vm = "lab"\n');
  await mac.rusta(['up']);
  expect(await mac.rusta(['down'])).toMatchObject({
    code: 0,
    stdout: "==> Shutting down VM 'lab'\n[ok] VM 'lab' is stopped\n",
    stderr: '',
  });
  expect(tart()).toContain('exec lab sudo shutdown -h now');
  expect(tart().some((line) => line.startsWith('stop'))).toBe(false);
  expect(mac.vm('lab').isRunning).toBe(false);
  expect(existsSync(ours(mac, 'run/lab.pid'))).toBe(false);
  expect(await mac.rusta(['down'])).toMatchObject({ code: 0, stdout: "[skip] VM 'lab' is already stopped\n" });
});

test('the picker asks where no default is set (spec 10, item 14)', async () => {
  await mac.addVm('lab');
  await using terminal = openTerminal(mac, RUSTA, ['down']);
  await terminal.waitFor('1) lab   (stopped)');
  terminal.type('1\r');
  await terminal.waitFor("[skip] VM 'lab' is already stopped");
  expect((await terminal.exited).code).toBe(0);
  expect(readState(mac)).toContain('default_vm = "lab"');
});

test('a VM that rusta did not start is shut down too', async () => {
  await mac.addVm('lab', { running: true });
  expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0, stderr: '' });
  expect(mac.vm('lab').isRunning).toBe(false);
});

describe('--force (spec 10, item 15)', () => {
  test.each(['--force', '-f'])('%s stops a VM whose agent is dead and which ignores the power button', async (flag) => {
    mac.configure({ behavior: { agent: 'never', ignoresShutdown: true, ignoresPowerButton: true } });
    await mac.addVm('lab', { running: true });
    expect(await mac.rusta(['down', 'lab', flag])).toMatchObject({
      code: 0,
      stdout: "==> Stopping VM 'lab'\n[ok] VM 'lab' is stopped\n",
      stderr: '',
    });
    expect(tart()).toContain('stop lab');
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('falls back to the recorded process where tart stop fails', async () => {
    await mac.addVm('lab');
    await mac.rusta(['up', 'lab']);
    mac.configure({ faults: [{ program: 'tart', args: ['stop'], do: 'exit', code: 1, stderr: 'cannot' }] });
    expect(await mac.rusta(['down', 'lab', '--force'])).toMatchObject({ code: 0 });
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('ends with 1 when the VM still runs', async () => {
    await mac.addVm('lab', { running: true });
    mac.configure({ faults: [{ program: 'tart', args: ['stop'], do: 'exit', code: 1, stderr: 'cannot' }] });
    const result = await mac.rusta(['down', 'lab', '--force']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("VM 'lab' is still running: 'tart stop' failed (exit 1): cannot");
  });
});

test('a guest that does not stop in time ends with 1 and the --force hint (spec 10, item 16)', async () => {
  mac.configure({ behavior: { ignoresShutdown: true } });
  await mac.addVm('lab', { running: true });
  const result = await mac.rusta(['down', 'lab', '--timeout', '5']);
  expect(result.code).toBe(1);
  expect(result.stderr).toBe(
    "[error] VM 'lab' did not stop within 5 s\nRetry with --force, which cuts the power: rusta down lab --force\n",
  );
  expect(mac.vm('lab').isRunning).toBe(true);
});

test.each(SIGNALS)('%s ends the wait for a guest that has taken the request', async (signal) => {
  mac.configure({ behavior: { ignoresShutdown: true } });
  await mac.addVm('lab');
  await mac.rusta(['up', 'lab']);
  const down = mac.start(RUSTA, ['down', 'lab']);
  const request = () => mac.calls('tart').find(({ args }) => args.includes('shutdown'));
  // What follows the answer is only waiting.
  await waitUntil('the request to be answered', () => hasEnded(mac.root, request()?.pid ?? down.pid));
  down.kill(signal);
  const { code, stderr } = await down.exited;
  expect(code).toBe(SIGNAL_CODES[signal]);
  expect(stderr).toContain(`[error] interrupted (${signal})`);
  expect(mac.vm('lab').isRunning).toBe(true);
});

test('without the agent the power button of the recorded process is pressed', async () => {
  await mac.addVm('lab');
  mac.configure({ behavior: { agent: 'never' } });
  await mac.rusta(['up', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '0.3' } });
  expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0 });
  expect(tart().some((line) => line.startsWith('stop'))).toBe(false);
  expect(mac.vm('lab').isRunning).toBe(false);
});

test('a hanging tart exec does not outlast --timeout', async () => {
  await mac.addVm('lab', { running: true });
  mac.configure({ faults: [{ program: 'tart', args: ['exec'], do: 'hang' }] });
  const result = await mac.rusta(['down', 'lab', '--timeout', '2']);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('--force');
});

test('a stranger whose pid is on file is neither signalled nor harmed', async () => {
  await mac.addVm('lab', { running: true });
  const stranger = Bun.spawn(['sleep', '1000']);
  await mac.rusta(['up', 'lab']);
  await Bun.write(ours(mac, 'run/lab.pid'), `${stranger.pid}\n`);
  mac.configure({ faults: [{ program: 'tart', args: ['exec'], do: 'exit', code: 1 }] });
  await mac.rusta(['down', 'lab', '--timeout', '1']);
  await mac.rusta(['down', 'lab', '--force']);
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
});

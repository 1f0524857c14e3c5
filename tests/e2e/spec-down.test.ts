import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { processesOf } from '../sandbox/processes.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from './rusta.ts';
import { commands, ours, readState, writeState } from './state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const tart = () => commands(mac, 'tart');

test('14: down shuts the default VM down, a second down is a skip', async () => {
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

test('14: the picker asks where no default is set', async () => {
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

describe('15: --force', () => {
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

test('16: a guest that does not stop in time ends with 1 and the --force hint', async () => {
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
  await waitUntil('the request to be answered', () => !processesOf(mac.root).includes(request()?.pid ?? down.pid));
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

describe('20: delete', () => {
  test('asks, and deletes on yes', async () => {
    await mac.addVm('lab');
    await using terminal = openTerminal(mac, RUSTA, ['delete', 'lab']);
    await terminal.waitFor("Delete VM 'lab' and its disk? [y/N] ");
    terminal.type('y\r');
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.screen).toContain("[ok] Deleted VM 'lab'");
    expect(mac.vm('lab').exists).toBe(false);
  });

  test.each(['\r', 'n\r', 'yess\r', '\u0003', '\u0004'])('anything else (%j) keeps it', async (answer) => {
    await mac.addVm('lab');
    await using terminal = openTerminal(mac, RUSTA, ['delete', 'lab']);
    await terminal.waitFor('[y/N] ');
    terminal.type(answer);
    expect((await terminal.exited).code).toBe(1);
    expect(terminal.screen).toContain("[error] VM 'lab' was not deleted");
    expect(mac.vm('lab').exists).toBe(true);
  });

  test('without a terminal --yes is needed', async () => {
    await mac.addVm('lab');
    const result = await mac.rusta(['delete', 'lab']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain('stdin is not a TTY to ask on\nPass --yes');
    expect(mac.vm('lab').exists).toBe(true);
  });

  test('removes all that is kept about the VM, and the default that pointed at it', async () => {
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
    writeState(mac, 'default_vm = "lab"\nfuture = 1\n[vms.lab]\ngui = true\n');
    writeFileSync(ours(mac, 'run/lab.pid'), '99999\n');
    expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({ code: 0, stdout: "[ok] Deleted VM 'lab'\n", stderr: '' });
    expect(readState(mac)).toBe('future = 1\n');
    for (const file of ['run/lab.pid', 'run/lab.log', 'run/lab.lock', 'provision/lab.sh', 'provision/lab.log']) {
      expect(existsSync(ours(mac, file))).toBe(false);
    }
  });

  test('removes what is left of a VM that is gone already, once', async () => {
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['default', 'lab'])).toMatchObject({ code: 0 });
    expect(await mac.run('tart', ['delete', 'lab'])).toMatchObject({ code: 0 });
    const dead = Bun.spawnSync(['true']).pid;
    writeFileSync(ours(mac, `run/.lab.pid.${dead}.0badcafe.tmp`), '');
    const stdout = "[ok] VM 'lab' was gone already; removed what was left of it\n";
    expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({ code: 0, stdout, stderr: '' });
    expect(readState(mac)).toBe('\n');
    for (const folder of ['run', 'provision']) expect(readdirSync(ours(mac, folder))).toEqual([]);
    expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({ code: 2, stdout: '' });
    expect(readdirSync(ours(mac, 'run'))).toEqual([]);
  });

  test('another default stays', async () => {
    await mac.addVm('lab');
    writeState(mac, 'default_vm = "other"\n');
    await mac.rusta(['delete', 'lab', '-y']);
    expect(readState(mac)).toBe('default_vm = "other"\n');
  });

  test('a running VM is refused, unless --force-running stops it first', async () => {
    await mac.addVm('lab', { running: true });
    const refused = await mac.rusta(['delete', 'lab', '--yes']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain("VM 'lab' is running\nStop it with 'rusta down lab'");
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
    expect(mac.vm('lab').exists).toBe(false);
  });
});

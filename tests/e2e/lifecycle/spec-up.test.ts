import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { boots } from '../boots.ts';
import { RUSTA, SIGNAL_CODES, SIGNALS } from '../rusta.ts';
import { ours, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const runs = () => boots(mac);

test('the default VM boots headless, a second up is a skip (spec 10, item 11)', async () => {
  await mac.addVm('lab');
  writeState(mac, 'default_vm = "lab"\n');
  const up = await mac.rusta(['up']);
  expect(up).toMatchObject({ code: 0, stderr: '' });
  expect(up.stdout).toMatch(/^==> Starting VM 'lab' \(headless\)\n\[ok\] VM 'lab' is running\n\[ok\] IP address: 127\.[\d.]+\n$/);
  expect(runs()).toEqual(['run lab --no-graphics']);
  expect(readFileSync(ours(mac, 'run/lab.pid'), 'utf8')).toBe(`${mac.vm('lab').runPid}\n`);
  expect(await mac.rusta(['up'])).toMatchObject({ code: 0, stdout: "[skip] VM 'lab' is already running\n" });
});

test('a named VM boots whatever the default is, which stays (spec 10, item 12)', async () => {
  await mac.addVm('lab');
  await mac.addVm('other');
  writeState(mac, 'default_vm = "other"\n');
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  expect(mac.vm('lab').isRunning).toBe(true);
  expect(mac.vm('other').isRunning).toBe(false);
  expect(readState(mac)).toBe('default_vm = "other"\n');
});

describe('the window follows the record, flags go before it (spec 10, item 13)', () => {
  const cases: [gui: boolean | undefined, flags: string[], window: boolean][] = [
    [undefined, [], false],
    [true, [], true],
    [false, [], false],
    [true, ['--no-gui'], false],
    [true, ['--no-graphics'], false],
    [false, ['--graphical'], true],
    [false, ['-G'], true],
    [undefined, ['--graphics'], true],
    [undefined, ['--gui'], true],
  ];
  test.each(cases)('recorded %p, flags %p: window %p', async (gui, flags, window) => {
    await mac.addVm('lab');
    if (gui !== undefined) writeState(mac, `[vms.lab]\ngui = ${gui}\n`);
    expect(await mac.rusta(['up', 'lab', ...flags])).toMatchObject({ code: 0 });
    expect(runs()).toEqual([window ? 'run lab' : 'run lab --no-graphics']);
  });

  test('both flags exclude each other', async () => {
    const result = await mac.rusta(['up', 'lab', '--graphical', '--no-gui']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain("'--graphical' and '--no-gui' exclude each other");
    expect(mac.calls()).toEqual([]);
  });
});

describe('what is running stays running', () => {
  test('tart run is in a session of its own and survives the end of rusta', async () => {
    await mac.addVm('lab');
    await mac.rusta(['up', 'lab']);
    const { stdout } = await mac.run('ps', ['-o', 'sess=', '-o', 'pid=', '-p', String(mac.vm('lab').runPid)]);
    const [session, pid] = stdout.trim().split(/\s+/);
    if (process.platform === 'linux') expect(session).toBe(pid ?? '');
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test.each(SIGNALS)('%s during up ends the wait, not the VM, and says so', async (signal) => {
    mac.configure({ timing: { agentUp: 60_000 } });
    await mac.addVm('lab');
    const up = mac.start(RUSTA, ['up', 'lab']);
    await mac.event('locked', 'lab');
    up.kill(signal);
    const { code, stderr } = await up.exited;
    expect(code).toBe(SIGNAL_CODES[signal]);
    expect(stderr).toContain("VM 'lab' keeps starting. 'rusta down lab' stops it.");
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('Ctrl-C typed during up, and a closed terminal, leave the VM running', async () => {
    mac.configure({ timing: { agentUp: 60_000 } });
    await mac.addVm('lab');
    await mac.addVm('lab2');
    const typed = openTerminal(mac, RUSTA, ['up', 'lab']);
    await mac.event('locked', 'lab');
    typed.press('ctrl-c');
    expect((await typed.exited).code).toBe(130);
    const closed = openTerminal(mac, RUSTA, ['up', 'lab2']);
    await mac.event('locked', 'lab2');
    closed.close();
    expect((await closed.exited).code).toBe(129);
    expect(mac.vm('lab').isRunning).toBe(true);
    expect(mac.vm('lab2').isRunning).toBe(true);
  });
});

test('the socket that the last run left does not keep the agent away', async () => {
  await mac.addVm('lab');
  for (let round = 0; round < 2; round += 1) {
    expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0 });
    expect(existsSync(join(mac.vm('lab').folder, 'control.sock'))).toBe(true);
  }
});

test('an unfinished VM starts, with a warning', async () => {
  await mac.addVm('lab');
  writeState(mac, '[vms.lab]\nsetup = "provisioning"\n');
  const result = await mac.rusta(['up', 'lab']);
  expect(result.code).toBe(0);
  expect(result.stderr).toContain("'rusta down lab && rusta create lab --resume' goes on");
});

test('a pid file of another process is not believed', async () => {
  await mac.addVm('lab');
  await mac.rusta(['up', 'lab']);
  await mac.rusta(['down', 'lab']);
  writeFileSync(ours(mac, 'run/lab.pid'), `${process.pid}\n`);
  expect(await mac.rusta(['up', 'lab'])).toMatchObject({ code: 0 });
  expect(mac.vm('lab').isRunning).toBe(true);
});

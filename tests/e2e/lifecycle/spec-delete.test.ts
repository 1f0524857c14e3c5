import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { ours, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

test('when the answer is yes, then the VM is deleted (spec 10, item 20)', async () => {
  await mac.addVm('lab');
  await using terminal = openTerminal(mac, RUSTA, ['delete', 'lab']);
  await terminal.waitFor("Delete VM 'lab' and its disk? [y/N] ");
  terminal.type('y\r');
  expect((await terminal.exited).code).toBe(0);
  expect(terminal.screen).toContain("[ok] Deleted VM 'lab'");
  expect(mac.vm('lab').exists).toBe(false);
});

test.each(['\r', 'n\r', 'yess\r', '\u0003', '\u0004'])('when the answer is %j, then the VM stays', async (answer) => {
  await mac.addVm('lab');
  await using terminal = openTerminal(mac, RUSTA, ['delete', 'lab']);
  await terminal.waitFor('[y/N] ');
  terminal.type(answer);
  expect((await terminal.exited).code).toBe(1);
  expect(terminal.screen).toContain("[error] VM 'lab' was not deleted");
  expect(mac.vm('lab').exists).toBe(true);
});

test('when there is no terminal to ask on, then --yes is needed', async () => {
  await mac.addVm('lab');
  const result = await mac.rusta(['delete', 'lab']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('stdin is not a TTY to ask on\nPass --yes');
  expect(mac.vm('lab').exists).toBe(true);
});

test('when a VM is deleted, then all that was kept of it goes too, and the default that pointed at it', async () => {
  expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
  writeState(mac, 'default_vm = "lab"\nfuture = 1\n[vms.lab]\ngui = true\n');
  writeFileSync(ours(mac, 'run/lab.pid'), '99999\n');
  expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({
    code: 0,
    stdout: "[ok] Deleted VM 'lab', and with it: the default\n",
    stderr: '',
  });
  expect(readState(mac)).toBe('future = 1\n');
  for (const file of ['run/lab.pid', 'run/lab.log', 'run/lab.lock', 'provision/lab.sh', 'provision/lab.log']) {
    expect(existsSync(ours(mac, file))).toBe(false);
  }
});

test('when a VM is gone already, then what is left of it goes, once', async () => {
  expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
  expect(await mac.rusta(['default', 'lab'])).toMatchObject({ code: 0 });
  expect(await mac.run('tart', ['delete', 'lab'])).toMatchObject({ code: 0 });
  const dead = Bun.spawnSync(['true']).pid;
  writeFileSync(ours(mac, `run/.lab.pid.${dead}.0badcafe.tmp`), '');
  const stdout = "[ok] VM 'lab' was gone already; removed what was left of it, and with it: the default\n";
  expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({ code: 0, stdout, stderr: '' });
  expect(readState(mac)).toBe('\n');
  for (const folder of ['run', 'provision']) expect(readdirSync(ours(mac, folder))).toEqual([]);
  expect(await mac.rusta(['delete', 'lab', '-y'])).toMatchObject({ code: 2, stdout: '' });
  expect(readdirSync(ours(mac, 'run'))).toEqual([]);
});

test('when another VM is the default, then it stays so', async () => {
  await mac.addVm('lab');
  writeState(mac, 'default_vm = "other"\n');
  await mac.rusta(['delete', 'lab', '-y']);
  expect(readState(mac)).toBe('default_vm = "other"\n');
});

test('when the VM runs, then it is refused, unless --force-running stops it first', async () => {
  await mac.addVm('lab', { running: true });
  const refused = await mac.rusta(['delete', 'lab', '--yes']);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain("VM 'lab' is running\nStop it with 'rusta down lab'");
  expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0 });
  expect(mac.vm('lab').exists).toBe(false);
});

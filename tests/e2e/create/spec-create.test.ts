import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { commands, ours, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

test('on a terminal, create asks for the name; an empty line takes the suggestion (spec 10, item 4)', async () => {
  await using terminal = openTerminal(mac, RUSTA, ['create']);
  await terminal.waitFor('VM name [ubuntu-2404]: ');
  terminal.press('enter');
  expect(await terminal.exited).toEqual({ code: 0, signal: null });
  expect(commands(mac, 'tart')).toContain('clone ghcr.io/cirruslabs/ubuntu:24.04 ubuntu-2404');
  expect(commands(mac, 'tart')).toContain('set ubuntu-2404 --cpu 6 --memory 8192 --disk-size 80');
  expect(terminal.screen).toContain('Installing spice-vdagent, spice-webdavd, curl, wget, git');
  expect(mac.vm('ubuntu-2404')).toMatchObject({ exists: true, isRunning: false });
  expect(readState(mac)).toBe('[vms.ubuntu-2404]\ngui = false\n');
  expect(existsSync(ours(mac, 'provision/ubuntu-2404.sh'))).toBe(true);
  expect(existsSync(ours(mac, 'run/ubuntu-2404.pid'))).toBe(false);
});

test('another name can be typed, a wrong one is asked for again (spec 10, item 4)', async () => {
  await using terminal = openTerminal(mac, RUSTA, ['create', '--version', '22.04']);
  await terminal.waitFor('VM name [ubuntu-2204]: ');
  terminal.type('a b\r');
  await terminal.waitFor(/invalid VM name 'a b'[\s\S]*VM name \[ubuntu-2204\]: /);
  terminal.type('mine\r');
  expect((await terminal.exited).code).toBe(0);
  expect(mac.vm('mine').exists).toBe(true);
});

test.each(['ctrl-c', 'ctrl-d', 'escape'] as const)('%s at the prompt ends with 1 and creates nothing (spec 10, item 4)', async (key) => {
  await using terminal = openTerminal(mac, RUSTA, ['create']);
  await terminal.waitFor('VM name [ubuntu-2404]: ');
  terminal.press(key);
  expect((await terminal.exited).code).toBe(1);
  expect(terminal.screen).toContain('[error] no VM name given, nothing was created');
  expect(commands(mac, 'tart')).toEqual(['list --format json']);
});

test('without a terminal and a name, create ends with 1 and starts nothing (spec 10, item 4)', async () => {
  const result = await mac.rusta(['create']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('VM name is required: stdin is not a TTY');
  expect(mac.calls()).toEqual([]);
});

test('create --version clones that release, and the default stays what it is (spec 10, item 5)', async () => {
  writeState(mac, 'default_vm = "other"\n');
  await mac.addVm('other');
  expect(await mac.rusta(['create', '--version', '22.04', 'lab', '--cpus', '2', '--memory', '4096', '--disk', '30'])).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect(commands(mac, 'tart')).toContain('clone ghcr.io/cirruslabs/ubuntu:22.04 lab');
  expect(commands(mac, 'tart')).toContain('set lab --cpu 2 --memory 4096 --disk-size 30');
  expect(readState(mac)).toBe(
    'default_vm = "other"\n\n[vms.lab]\ngui = false\nflags = [ "--version", "22.04", "--cpus", "2", "--memory", "4096", "--disk", "30" ]\n',
  );
});

test.each([
  ['8G', '1T', 'set lab --cpu 6 --memory 8192 --disk-size 1024'],
  ['4gb', '100GB', 'set lab --cpu 6 --memory 4096 --disk-size 100'],
  ['512M', '30GiB', 'set lab --cpu 6 --memory 512 --disk-size 30'],
])('--memory %s --disk %s: sizes may have a unit', async (memory, disk, set) => {
  expect(await mac.rusta(['create', 'lab', '--memory', memory, '--disk', disk])).toMatchObject({ code: 0 });
  expect(commands(mac, 'tart')).toContain(set);
});

test('an exact image is cloned as it is named', async () => {
  mac.addImage('registry.example/team/special:v1');
  expect(await mac.rusta(['create', 'lab', '--image-ref', 'registry.example/team/special:v1'])).toMatchObject({ code: 0 });
  expect(commands(mac, 'tart')).toContain('clone registry.example/team/special:v1 lab');
});

test('provisioning shows a window only to debug', async () => {
  expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
  expect(await mac.rusta(['create', 'lab2', '--debug-no-headless'])).toMatchObject({ code: 0 });
  expect(commands(mac, 'tart').filter((line) => line.startsWith('run'))).toEqual(['run lab --no-graphics', 'run lab2']);
});

test('the guest is provisioned as spec 5 says, and the log of it is kept', async () => {
  await mac.rusta(['create', 'lab']);
  const guest = mac.vm('lab').guest;
  expect(readFileSync(join(guest, 'var/log/provision.status'), 'utf8')).toBe('0\n');
  expect(readFileSync(join(guest, 'tmp/provision.sh'), 'utf8')).toBe(readFileSync(ours(mac, 'provision/lab.sh'), 'utf8'));
  expect(readFileSync(ours(mac, 'provision/lab.log'), 'utf8')).toContain('>>> [8/8] Starting the SPICE agent');
  const install = mac.calls().find(({ args }) => args.includes('spice-webdavd'));
  expect(install?.args).toEqual(expect.arrayContaining(['install', 'spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git']));
});

test('an existing VM is left alone, with a hint', async () => {
  await mac.addVm('lab');
  const result = await mac.rusta(['create', 'lab', '--cpus', '2']);
  expect(result).toMatchObject({
    code: 0,
    stdout:
      "[skip] VM 'lab' already exists\nIt stays as it is. Not done: --cpus 2 (it has 4)\nTo recreate: rusta delete lab && rusta create lab ...\n",
    stderr: '',
  });
  expect(commands(mac, 'tart')).toEqual(['list --format json']);
});

test('a name that differs in case only is refused: macOS would replace the other VM', async () => {
  await mac.addVm('Lab');
  const result = await mac.rusta(['create', 'lab']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain("VM 'Lab' already exists, and macOS does not tell 'lab' from it");
  expect(commands(mac, 'tart')).toEqual(['list --format json']);
});

test('--verbose shows what the programs print', async () => {
  const { code, stdout } = await mac.rusta(['create', 'lab', '--verbose']);
  expect(code).toBe(0);
  expect(stdout).toContain('pulling manifest...');
  expect(stdout).toContain('>>> [7/8] Installing spice-vdagent');
});

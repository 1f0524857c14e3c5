import { afterEach, beforeEach, expect, test } from 'bun:test';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { hasEnded } from '../../sandbox/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { ours, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

test('prints what create and the last run left, and only that', async () => {
  await mac.rusta(['create', 'lab']);
  const provision = readFileSync(ours(mac, 'provision/lab.log'), 'utf8');
  const run = readFileSync(ours(mac, 'run/lab.log'), 'utf8');
  expect(run).not.toBe('');
  expect(await mac.rusta(['logs', 'lab', '--provision'])).toMatchObject({ code: 0, stdout: provision, stderr: '' });
  expect(await mac.rusta(['logs', 'lab', '--run'])).toMatchObject({ code: 0, stdout: run, stderr: '' });
  const both = await mac.rusta(['logs', 'lab']);
  expect(both).toMatchObject({ code: 0, stdout: provision + run });
  expect(both.stderr).toBe(`# ${ours(mac, 'provision/lab.log')}\n# ${ours(mac, 'run/lab.log')}\n`);
});

test('the default VM serves where none is named', async () => {
  await mac.rusta(['create', 'lab']);
  writeState(mac, 'default_vm = "lab"\n');
  expect((await mac.rusta(['logs', '--provision'])).stdout).toContain('>>> [8/8] Starting the SPICE agent');
});

test('control characters of programs do not reach the reader', async () => {
  await mac.rusta(['create', 'lab']);
  writeFileSync(ours(mac, 'run/lab.log'), '\x1b[31mred\x1b[0m\x07\nhalf a line');
  expect((await mac.rusta(['logs', 'lab', '--run'])).stdout).toBe('red\nhalf a line\n');
});

test('a VM that nobody logged says so, an unknown one is not found', async () => {
  await mac.addVm('lab');
  expect(await mac.rusta(['logs', 'lab'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining("no log of VM 'lab' is kept"),
  });
  expect(await mac.rusta(['logs', 'nolab'])).toMatchObject({ code: 2, stderr: expect.stringContaining("VM 'nolab' not found") });
  expect(await mac.rusta(['logs', 'lab', '--run', '--provision'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('exclude each other'),
  });
});

test('-f follows the run until the VM is off', async () => {
  await mac.rusta(['create', 'lab']);
  await mac.rusta(['up', 'lab']);
  const logs = mac.start(RUSTA, ['logs', 'lab', '-f']);
  appendFileSync(ours(mac, 'run/lab.log'), 'first\n');
  await logs.waitFor('first\n');
  appendFileSync(ours(mac, 'run/lab.log'), 'half');
  await mac.rusta(['down', 'lab']);
  const { code, stdout } = await logs.exited;
  expect(code).toBe(0);
  expect(stdout).toStartWith('first\nhalf');
  expect(stdout).toContain('guest has stopped the virtual machine\n');
});

test('-f follows a VM that another program started', async () => {
  await mac.addVm('lab', { running: true });
  const logs = mac.start(RUSTA, ['logs', 'lab', '-f', '--run']);
  // It must have seen the VM running, or there is nothing to follow.
  const asked = () => mac.calls('tart').find(({ args }) => args[0] === 'list');
  await waitUntil('the answer of tart list', () => hasEnded(mac.root, asked()?.pid ?? logs.pid));
  await mac.vm('lab').powerOff();
  expect((await logs.exited).code).toBe(0);
});

test('-f follows a create from another terminal, from its boot on to its end', async () => {
  const create = mac.start(RUSTA, ['create', 'lab']);
  await create.waitFor('Booting');
  await mac.event('locked', 'lab');
  const logs = mac.start(RUSTA, ['logs', 'lab', '-f']);
  expect((await create.exited).code).toBe(0);
  const { code, stdout } = await logs.exited;
  expect({ code, stdout }).toEqual({ code: 0, stdout: readFileSync(ours(mac, 'provision/lab.log'), 'utf8') });
});

test('Ctrl-C ends -f, not the VM', async () => {
  await mac.rusta(['create', 'lab']);
  await mac.rusta(['up', 'lab']);
  const logs = mac.start(RUSTA, ['logs', 'lab', '-f']);
  appendFileSync(ours(mac, 'run/lab.log'), 'first\n');
  await logs.waitFor('first\n');
  logs.kill('SIGINT');
  expect((await logs.exited).code).toBe(130);
  expect(mac.vm('lab').isRunning).toBe(true);
});

test('-f of a VM that is off prints what there is', async () => {
  await mac.rusta(['create', 'lab']);
  const { code, stdout, stderr } = await mac.rusta(['logs', 'lab', '-f']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: readFileSync(ours(mac, 'run/lab.log'), 'utf8') });
  expect(stderr).toContain('nothing more will come');
});

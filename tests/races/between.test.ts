import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { ours } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { hasEnded, untilAllEnd } from '../sandbox/processes.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { heldBack, holdBack, letGo } from './hold-back.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const called = (verb: string) => waitUntil(`tart ${verb}`, () => mac.calls('tart').some(({ args }) => args[0] === verb));

test('when a VM is only starting, then delete refuses, and --force-running ends its process first', async () => {
  await mac.addVm('lab');
  mac.configure({ timing: { lock: 60_000 } });
  const up = mac.start(RUSTA, ['up', 'lab']);
  await mac.event('starting', 'lab');
  await waitUntil('the pid file', () => existsSync(ours(mac, 'run/lab.pid')));
  const refused = await mac.rusta(['delete', 'lab', '--yes']);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'lab' is running") });
  expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({ code: 0, stderr: '' });
  const { code, stderr } = await up.exited;
  expect({ code, gone: stderr.includes("VM 'lab' not found") }).toEqual({ code: code === 2 ? 2 : 1, gone: code === 2 });
  expect(mac.vm('lab').exists).toBe(false);
  await untilAllEnd(mac.root);
});

test('when the request of down comes after the VM went off, then down succeeds', async () => {
  await mac.addVm('lab', { running: true });
  holdBack(mac, 'tart', '[ "$1" != exec ]');
  const down = mac.start(RUSTA, ['down', 'lab']);
  await waitUntil('the request', () => heldBack(mac).length === 1);
  await mac.vm('lab').powerOff();
  letGo(mac);
  expect(await down.exited).toMatchObject({ code: 0, stderr: '' });
});

test('when the VM goes off while up waits for its address, then up says so', async () => {
  await mac.addVm('lab');
  mac.configure({ behavior: { ip: 'never' } });
  const up = mac.start(RUSTA, ['up', 'lab'], { env: { RUSTA_IP_TIMEOUT: '600' } });
  await up.waitFor("VM 'lab' is running");
  await called('ip');
  await mac.vm('lab').powerOff();
  const { code, stderr } = await up.exited;
  expect(code).toBe(1);
  expect(stderr).toContain("[error] VM 'lab' did not start, the VM went off");
  expect(existsSync(ours(mac, 'run/lab.pid'))).toBe(false);
});

test('when the VM goes off that ssh-copy booted, then its wait for an address ends', async () => {
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(mac.home, '.ssh/id_test'), 'key\n', { mode: 0o600 });
  await mac.addVm('lab');
  mac.configure({ behavior: { ip: 'never' } });
  const copy = mac.start(RUSTA, ['ssh-copy', 'lab'], { env: { RUSTA_IP_TIMEOUT: '600' } });
  await called('ip');
  await mac.vm('lab').powerOff();
  const { code, stderr } = await copy.exited;
  expect(code).toBe(1);
  expect(stderr).toContain('the VM went off');
});

test('when a VM is deleted while up waits for its lock, then up looks it up again and ends with 2', async () => {
  await mac.addVm('lab');
  mac.configure({ faults: [{ program: 'tart', args: ['delete'], do: 'hang' }] });
  const remove = mac.start(RUSTA, ['delete', 'lab', '--yes']);
  await called('delete');
  const up = mac.start(RUSTA, ['up', 'lab']);
  // With this answer it has seen the VM, and waits for the lock.
  const asked = () => mac.calls('tart').filter(({ args }) => args[0] === 'list')[1];
  await waitUntil('the answer to up', () => hasEnded(mac.root, asked()?.pid ?? up.pid));
  await mac.run(join(mac.root, 'libexec/tart.app/Contents/MacOS/tart'), ['delete', 'lab'], { env: { SANDBOX_UNSEEN: '1' } });
  remove.kill('SIGKILL');
  const { code, stderr } = await up.exited;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("[error] VM 'lab' not found\n") });
  expect(existsSync(ours(mac, 'run/lab.lock'))).toBe(false);
  expect(mac.calls('tart').filter(({ args }) => args[0] === 'run')).toEqual([]);
});

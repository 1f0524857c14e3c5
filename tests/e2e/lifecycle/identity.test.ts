import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '../../sandbox/fault.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
  expect(await mac.rusta(['create', 'Web_2', '--from', 'lab'])).toMatchObject({ code: 0, stderr: '' });
});
afterEach(() => mac[Symbol.asyncDispose]());

const VM = 'Web_2';
const REFUSED = `[warn] VM '${VM}' still has the hostname, machine-id and SSH host keys of the VM that it is a copy of: `;
const up = () => mac.rusta(['up', VM]);
const inGuest = (path: string) => readFileSync(join(mac.vm(VM).guest, path), 'utf8');
const isPending = () => readState(mac)?.includes('identity = "pending"');
const given = () => mac.calls('tart').filter(({ args }) => args.join(' ') === `exec -i ${VM} sudo bash -s`).length;
const agentFault = (how: Partial<Fault>): Fault => ({ program: 'tart', args: ['exec', '-i'], do: 'exit', ...how });

test('a copy gets an identity of its own at its first boot, before it is said to run', async () => {
  const { code, stdout, stderr } = await up();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toStartWith(`==> Starting VM '${VM}' (headless)
==> Giving VM '${VM}' an identity of its own
[ok] VM '${VM}' is running
`);
  expect(inGuest('etc/hostname')).toBe('web-2\n');
  expect(inGuest('etc/hosts')).toContain('127.0.1.1 web-2\n');
  expect(isPending()).toBe(false);
  expect((await mac.rusta(['restart', VM])).stdout).not.toContain('identity');
  expect(given()).toBe(1);
});

test.each([
  ['fails', agentFault({ stderr: 'sudo: no\n' }), 'sudo: no'],
  ['fails without a word', agentFault({ code: 3 }), 'exit code 3'],
  ['does not confirm it', agentFault({ code: 0 }), 'it did not confirm its own'],
])('a guest that %s runs, with a warning, and the next up tries again', async (_, fault, reason) => {
  mac.configure({ faults: [fault] });
  const first = await up();
  expect(first).toMatchObject({ code: 0, stderr: `${REFUSED}${reason}; 'rusta up ${VM}' tries again\n` });
  expect(first.stdout).toContain(`[ok] VM '${VM}' is running\n`);
  expect(isPending()).toBe(true);
  expect(await up()).toMatchObject({ code: 0, stderr: expect.stringContaining(REFUSED) });
  mac.configure({ faults: [] });
  const { code, stdout, stderr } = await up();
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: `[skip] VM '${VM}' is already running\n==> Giving VM '${VM}' an identity of its own\n`,
    stderr: '',
  });
  expect(isPending()).toBe(false);
  expect(inGuest('etc/hostname')).toBe('web-2\n');
});

test('Ctrl-C while it is given leaves it to the next up', async () => {
  mac.configure({ faults: [agentFault({ do: 'hang' })] });
  const started = mac.start(RUSTA, ['up', VM]);
  await started.waitFor('Giving VM');
  started.kill('SIGINT');
  expect((await started.exited).code).toBe(130);
  expect({ running: mac.vm(VM).isRunning, pending: isPending() }).toEqual({ running: true, pending: true });
  mac.configure({ faults: [] });
  expect(await up()).toMatchObject({ code: 0, stderr: '' });
  expect(isPending()).toBe(false);
});

test('two that start it together give it one identity', async () => {
  const both = await Promise.all([up(), up()]);
  expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
    { code: 0, stderr: '' },
    { code: 0, stderr: '' },
  ]);
  expect(isPending()).toBe(false);
  expect(inGuest('etc/hosts').match(/web-2/g)).toHaveLength(1);
});

test('ssh-copy, which boots it first, gives it too', async () => {
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(mac.home, '.ssh/id_test'), 'key\n', { mode: 0o600 });
  expect(await mac.rusta(['ssh-copy', VM])).toMatchObject({ code: 0, stderr: '' });
  expect(inGuest('etc/hostname')).toBe('web-2\n');
  expect(isPending()).toBe(false);
});

test('what else may stand in state.toml is refused', async () => {
  const path = join(mac.home, '.local/share/rusta/state.toml');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"pending"', '"later"'));
  expect(await up()).toMatchObject({ code: 1, stderr: expect.stringContaining(`vms.${VM}.identity is not 'pending'`) });
});

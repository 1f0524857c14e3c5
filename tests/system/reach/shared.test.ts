import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ours } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { procText } from '../../sandbox/system/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { cannotRun, macWithRunningLab, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';

setDefaultTimeout(TEST_MS);

describe.skipIf(cannotRun())('commands on a guest that boots share one connection', () => {
  let mac: Mac;
  beforeAll(async () => {
    mac = await macWithRunningLab();
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());
  const ssh = (words: readonly string[], stdin = '') => mac.rusta(['ssh', 'lab', ...words], { timeoutMs: STEP_MS, stdin });
  const inGuest = async (command: string) =>
    (await mac.run('tart', ['exec', 'lab', 'sudo', 'sh', '-c', command], { timeoutMs: STEP_MS })).stdout.trim();
  const logins = async () => Number(await inGuest('journalctl -q -u ssh --output=cat | grep -c "^Accepted " || true'));
  const sockets = () => readdirSync(ours(mac, 'run')).filter((name) => statSync(join(ours(mac, 'run'), name)).isSocket());
  /** They rename themselves: `ssh: <socket> [mux]`. */
  const masters = () =>
    readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && new RegExp(`ssh: ${mac.home}/.* \\[mux\\]`).test(procText(`${pid}/cmdline`)));
  /** How many logins there were while something was done. */
  const loginsFor = async (work: () => Promise<unknown>) => {
    const before = await logins();
    await work();
    return (await logins()) - before;
  };

  test('twenty commands log in once; streams, input and exit codes are those of a connection of their own', async () => {
    const count = await loginsFor(async () => {
      for (let at = 0; at < 20; at += 1) expect(await ssh(['--', `echo ${at}`])).toMatchObject({ code: 0, stdout: `${at}\n`, stderr: '' });
    });
    expect(count).toBe(1);
    expect(sockets()).toHaveLength(1);
    for (const code of [0, 1, 5, 7, 127, 255]) expect(await ssh(['--', `exit ${code}`])).toMatchObject({ code, stdout: '', stderr: '' });
    expect(await ssh(['--', 'echo out; echo err >&2; cat'], 'in\n')).toMatchObject({ code: 0, stdout: 'out\nin\n', stderr: 'err\n' });
    expect(await ssh(['--', 'kill -9 $$'])).toMatchObject({ code: 255 });
    const bytes = new Uint8Array(5_000_000).map((_, index) => (index * 31 + (index >> 8)) % 256);
    const sum = await mac.rusta(['ssh', 'lab', '--', 'sha256sum'], { timeoutMs: STEP_MS, stdin: bytes });
    expect(sum.stdout).toStartWith(new Bun.CryptoHasher('sha256').update(bytes).digest('hex'));
  });

  test('more at once than one connection takes, and many that come first together', async () => {
    const many = () => Promise.all(Array.from({ length: 15 }, (_, at) => ssh(['--', `sleep 1; echo ${at}`])));
    const expected = Array.from({ length: 15 }, (_, at) => ({ code: 0, stdout: `${at}\n`, stderr: '' }));
    expect(await many()).toMatchObject(expected);
    await rustaOk(mac, 'down', 'lab');
    await rustaOk(mac, 'up', 'lab');
    expect(await many()).toMatchObject(expected);
  });

  test('another user and another password get nothing of it', async () => {
    await ssh(['--', 'true']);
    const refused = await ssh(['--password', 'wrong', '--', 'true']);
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    await inGuest('useradd -m bob && echo bob:secret | chpasswd');
    expect(await ssh(['--user', 'bob', '--password', 'secret', '--', 'id -un'])).toMatchObject({ code: 0, stdout: 'bob\n' });
    expect(await ssh(['--', 'id -un'])).toMatchObject({ code: 0, stdout: 'admin\n' });
  });

  test('a key of ours that the guest is given gets one of its own', async () => {
    expect(await mac.rusta(['ssh-setup', 'lab'], { timeoutMs: STEP_MS })).toMatchObject({ code: 0 });
    expect(await loginsFor(() => ssh(['--', 'true']))).toBe(1);
    expect(await inGuest('journalctl -q -u ssh --output=cat | grep "^Accepted " | tail -1')).toStartWith('Accepted publickey for admin');
  });

  test('one whose server does not answer is replaced in seconds', async () => {
    await ssh(['--', 'true']);
    await inGuest('pkill -STOP -f "^sshd: admin"');
    const started = performance.now();
    expect(await ssh(['--', 'cat'], 'in\n')).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await loginsFor(() => ssh(['--', 'true']))).toBe(0);
    await inGuest('pkill -CONT -f "^sshd: admin"');
  });

  test('a firewall that swallows what is sent: the command goes through the agent', async () => {
    await ssh(['--', 'true']);
    const { address = '' } = mac.vm('lab');
    const host = address.replace(/\d+$/, (last) => String(Number(last) - 1));
    await inGuest(`ip route add blackhole ${host}/32`);
    const started = performance.now();
    const answer = await ssh(['--', 'cat'], 'in\n');
    expect(answer).toMatchObject({ code: 0, stdout: 'in\n', stderr: expect.stringContaining('going through its guest agent') });
    expect(performance.now() - started).toBeLessThan(25_000);
    await inGuest(`ip route del blackhole ${host}/32`);
  });

  test('down ends it, and no boot meets one of another boot; delete leaves nothing', async () => {
    await ssh(['--', 'true']);
    expect(sockets()).not.toEqual([]);
    await rustaOk(mac, 'down', 'lab');
    expect(sockets()).toEqual([]);
    await waitUntil('the masters to end', () => masters().length === 0);
    await rustaOk(mac, 'up', 'lab');
    expect(await ssh(['--', 'echo in'])).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
    expect(masters()).toHaveLength(1);
    await rustaOk(mac, 'delete', 'lab', '--yes', '--force-running');
    expect(sockets()).toEqual([]);
    await waitUntil('the masters to end', () => masters().length === 0);
  });
});

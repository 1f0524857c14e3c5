import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { ours, readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { processesOf } from '../../sandbox/processes.ts';
import { until } from '../../sandbox/system/fixture.ts';
import { cannotRun, installedOf, lastShutdownWasClean, rustaOk, STEP_MS, systemMac, TEST_MS, tracesOfRunning } from '../guest.ts';

setDefaultTimeout(TEST_MS);
const PACKAGES = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git'];

/** The steps build on one another, as a user's do: each test begins with what the one before left. */
describe.skipIf(cannotRun())('the life of a VM on a guest that really boots', () => {
  let mac: Mac;
  beforeAll(async () => {
    mac = await systemMac();
  });
  afterAll(() => mac?.[Symbol.asyncDispose]());
  const ok = (...args: string[]) => rustaOk(mac, ...args);

  test('create provisions it with the packages of spec 5, and leaves it stopped', async () => {
    expect(await ok('create', 'lab')).toEndWith("[ok] VM 'lab' is ready: 'rusta up lab' starts it, 'rusta ssh lab' opens a shell\n");
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    expect(readState(mac) ?? '').not.toContain('setup');
    expect(readFileSync(ours(mac, 'provision/lab.log'), 'utf8')).toContain('Setting up git');
    expect(existsSync(ours(mac, 'run/lab.pid'))).toBe(false);
    expect(processesOf(mac.root)).toEqual([]);
  });

  test('up boots it, and what create did is there', async () => {
    expect(await ok('up', 'lab')).toMatch(/^\[ok\] IP address: 192\.168\./m);
    expect(await installedOf(mac, 'lab', PACKAGES)).toEqual(PACKAGES);
    expect(await ok('ssh', 'lab', '--', 'cat', '/var/log/provision.status')).toBe('0\n');
    expect(await ok('ssh', 'lab', '--', 'cat', '/var/log/provision.log')).toContain('>>> [8/8] Starting the SPICE agent');
    expect(await lastShutdownWasClean(mac, 'lab')).toBe(true);
  });

  test('list and ip tell of it, and SSH answers at that address', async () => {
    expect(await ok('list')).toMatch(/^lab +running/m);
    const address = (await ok('ip', 'lab')).trim();
    expect(address).toBe(mac.vm('lab').address ?? '');
    expect(await firstLine(address, 22)).toStartWith('SSH-2.0-OpenSSH');
  });

  test('ssh runs a command on it, with its output and its exit code', async () => {
    expect(await ok('ssh', 'lab', '--', 'uname', '-a')).toStartWith('Linux lab ');
    expect(await mac.rusta(['ssh', 'lab', '--', 'exit 7'])).toMatchObject({ code: 7, stdout: '', stderr: '' });
  });

  test('down shuts it down cleanly and leaves nothing on the host', async () => {
    const traces = await tracesOfRunning(mac, 'lab');
    expect(await traces.left()).not.toEqual([]);
    expect(await ok('down', 'lab')).toBe("==> Shutting down VM 'lab'\n[ok] VM 'lab' is stopped\n");
    expect(await traces.left()).toEqual([]);
    expect(processesOf(mac.root)).toEqual([]);
    await ok('up', 'lab');
    expect(await lastShutdownWasClean(mac, 'lab')).toBe(true);
  });

  test('down --force cuts the power, and the guest boots again', async () => {
    await ok('down', 'lab', '--force');
    expect(mac.vm('lab').isRunning).toBe(false);
    await ok('up', 'lab');
    expect(await lastShutdownWasClean(mac, 'lab')).toBe(false);
    expect(await installedOf(mac, 'lab', PACKAGES)).toEqual(PACKAGES);
  });

  test('down without an agent presses the power button, which is as clean', async () => {
    await ok('ssh', 'lab', '--', 'sudo', 'systemctl', 'stop', 'tart-guest-agent');
    await ok('down', 'lab');
    expect(mac.calls('tart').filter(({ args }) => args[0] === 'stop')).toHaveLength(1); // that of --force
    await ok('up', 'lab');
    expect(await lastShutdownWasClean(mac, 'lab')).toBe(true);
  });

  test('a reboot from inside keeps the VM running, and ssh finds it again', async () => {
    // When its process 1 was started, in ticks; undefined while it cannot be asked.
    const startOf = async () => {
      const { code, stdout } = await mac.rusta(['ssh', 'lab', '--', 'cut -d " " -f 22 /proc/1/stat']);
      return code === 0 ? stdout : undefined;
    };
    const before = await startOf();
    expect(before).toMatch(/^\d+\n$/);
    // The connection may break before the command has an answer: its exit code says nothing.
    await mac.rusta(['ssh', 'lab', '--', 'sudo reboot']);
    await until(async () => {
      const now = await startOf();
      return now === before ? undefined : now;
    }, STEP_MS);
    expect(await ok('ssh', 'lab', '--', 'systemctl is-system-running --wait')).toBe('running\n');
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('delete removes it and all that belongs to it', async () => {
    const traces = await tracesOfRunning(mac, 'lab');
    await ok('down', 'lab');
    await ok('delete', 'lab', '--yes');
    expect(mac.vm('lab').exists).toBe(false);
    expect(existsSync(mac.vm('lab').folder)).toBe(false);
    const { code, stdout } = await mac.rusta(['list']);
    expect(code).toBe(0);
    expect(stdout).not.toContain('lab');
    expect((readState(mac) ?? '').trim()).toBe('');
    for (const folder of ['run', 'provision']) expect(readdirSync(ours(mac, folder))).toEqual([]);
    expect(await traces.left()).toEqual([]);
    expect(processesOf(mac.root)).toEqual([]);
  });
});

/** What a server says first. */
function firstLine(host: string, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = createConnection({ host, port });
  socket.once('data', (data) => {
    resolve(data.toString());
    socket.destroy();
  });
  socket.once('error', reject);
  return promise;
}

import { describe, expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../mac.ts';
import { waitUntil } from '../wait.ts';
import { booted, exec, tart, withBehavior } from './calls.ts';

describe('before the boot', () => {
  test('a second run: already running, 2', async () => {
    await using mac = await createMac();
    await mac.addVm('lab', { running: true });
    expect(await tart(mac, 'run', 'lab')).toEqual({ code: 2, signal: null, stdout: '', stderr: 'VM "lab" is already running!\n' });
  });

  test('a missing VM is 1 with a prefix here', async () => {
    await using mac = await createMac();
    expect(await tart(mac, 'run', 'x')).toMatchObject({ code: 1, stderr: 'Error: the specified VM "x" does not exist\n' });
  });

  test.each([
    [['--vnc', '--vnc-experimental'], 'mutually exclusive'],
    [['--graphics', '--no-graphics'], 'mutually exclusive'],
    [['--net-bridged', 'en0', '--net-host'], '--net-bridged, --net-softnet and --net-host are mutually exclusive'],
    [['--suspendable'], 'You can only suspend macOS VMs'],
    [['--dir', '/tmp', '--dir', '/usr'], 'for multiple directory shares each one of them should be named'],
  ])('%j is refused with 64', async (flags, message) => {
    await using mac = await createMac();
    await mac.addVm('lab');
    expect(await tart(mac, 'run', ...flags, 'lab')).toMatchObject({ code: 64, stderr: expect.stringContaining(message) });
  });

  test('a missing shared folder is refused by the framework, 1', async () => {
    await using mac = await createMac();
    await mac.addVm('lab');
    const result = await tart(mac, 'run', '--dir=home:/no/such/folder', 'lab');
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('Error: Invalid virtual machine configuration.') });
  });

  test('SIGINT before the lock is taken is lost', async () => {
    await using mac = await createMac({ knobs: { timing: { lock: 60_000 } } });
    await mac.addVm('lab');
    const run = mac.start('tart', ['run', 'lab']);
    await mac.event('starting', 'lab');
    run.kill('SIGINT');
    mac.configure({ timing: { lock: 0 } });
    await mac.event('locked', 'lab');
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('the MAC of another running VM is replaced', async () => {
    await using mac = await createMac();
    await mac.addVm('a', { running: true });
    const { folder } = await mac.addVm('lab');
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...mac.vm('a').config }));
    const run = await booted(mac);
    expect(run.stdout).toBe('There is already a running VM with the same MAC address!\nResetting VM to assign a new MAC address...\n');
    expect(mac.vm('lab').config.macAddress).not.toBe(mac.vm('a').config.macAddress);
  });

  test('ps shows the app, not the shim, under the same pid', async () => {
    await using mac = await createMac();
    const run = await booted(mac);
    expect(mac.vm('lab').runPid).toBe(run.pid);
    const { stdout } = await mac.run('ps', ['-o', 'command=', '-p', String(run.pid)]);
    expect(stdout.trim()).toMatch(/\/tart\.app\/Contents\/MacOS\/tart run --no-graphics lab$/);
  });
});

describe('control.sock', () => {
  test('stays behind; the next run cannot bind it, says nothing, and exec fails (trap 2)', async () => {
    await using mac = await createMac({ knobs: { timing: { execWindow: 200 } } });
    const first = await booted(mac);
    first.kill('SIGINT');
    await first.exited;
    expect(existsSync(join(mac.vm('lab').folder, 'control.sock'))).toBe(true);
    const second = mac.start('tart', ['run', 'lab']);
    await mac.event('locked', 'lab');
    await waitUntil('the second lock', () => mac.vm('lab').isRunning);
    const result = await exec(mac, 'true');
    expect(result.code).toBe(1);
    expect(result.stderr).toStartWith('Failed to connect to the VM using its control socket: ');
    expect(result.stderr).toEndWith('is the Tart Guest Agent running?\n');
    expect(second.stderr).toBe('');
  });

  test('2.36 minds: run ends with 1', async () => {
    await using mac = await withBehavior({ socketError: 'fatal' });
    const { folder } = await mac.addVm('lab');
    writeFileSync(join(folder, 'control.sock'), '');
    expect(await tart(mac, 'run', 'lab')).toMatchObject({ code: 1, stderr: expect.stringContaining('Failed to run control socket') });
  });

  test('one in the current folder of run is deleted', async () => {
    await using mac = await createMac();
    const innocent = join(mac.home, 'control.sock');
    writeFileSync(innocent, '');
    await booted(mac);
    expect(existsSync(innocent)).toBe(false);
  });
});

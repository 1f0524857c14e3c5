import { describe, expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnobsPatch } from './knobs.ts';
import { createMac, type Mac } from './mac.ts';
import { processesOf } from './processes.ts';
import type { Started } from './spawn.ts';
import { waitUntil } from './wait.ts';

const tart = (mac: Mac, ...args: string[]) => mac.run('tart', args);

/** A VM `lab` that is booted, in our hands. */
async function booted(mac: Mac, ...flags: string[]): Promise<Started> {
  if (!mac.vm('lab').exists) await mac.addVm('lab');
  const run = mac.start('tart', ['run', '--no-graphics', ...flags, 'lab']);
  await mac.event('ip', 'lab');
  expect((await tart(mac, 'exec', 'lab', 'true')).code).toBe(0);
  return run;
}

const withBehavior = (behavior: KnobsPatch['behavior']) => createMac({ knobs: { behavior: behavior ?? {} } });

describe('how run ends', () => {
  test('the guest turns itself off: a line and 0', async () => {
    await using mac = await createMac();
    const run = await booted(mac);
    await mac.vm('lab').powerOff();
    expect(await run.exited).toEqual({ code: 0, signal: null, stdout: 'guest has stopped the virtual machine\n', stderr: '' });
  });

  test('SIGINT: power cut, 0', async () => {
    await using mac = await createMac();
    const run = await booted(mac);
    run.kill('SIGINT');
    expect(await run.exited).toMatchObject({ code: 0, stdout: 'Stopping VM...\n' });
  });

  test('SIGUSR2: clean, and only when the guest is done', async () => {
    await using mac = await createMac({ knobs: { timing: { shutdown: 200 } } });
    const run = await booted(mac);
    const asked = Date.now();
    run.kill('SIGUSR2');
    expect((await run.exited).stdout).toBe('Requesting guest OS to stop...\nguest has stopped the virtual machine\n');
    expect(Date.now() - asked).toBeGreaterThanOrEqual(200);
  });

  test('SIGUSR1: cannot suspend Linux, kills the VM with 1', async () => {
    await using mac = await createMac();
    const run = await booted(mac);
    expect((await tart(mac, 'suspend', 'lab')).code).toBe(0);
    expect(await run.exited).toMatchObject({ code: 1, stdout: expect.stringContaining('Failed to suspend the VM: ') });
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('%s: dies at once, its guest with it', async (name) => {
    await using mac = await createMac();
    const run = await booted(mac);
    const busy = mac.start('tart', ['exec', 'lab', 'sh', '-c', 'echo pid $$; sleep 60']);
    await busy.waitFor(/pid \d+\n/);
    const pid = Number(/pid (\d+)/.exec(busy.stdout)?.[1]);
    run.kill(name);
    expect(await run.exited).toMatchObject({ code: null, signal: name, stdout: '' });
    expect(await busy.exited).toMatchObject({ code: 1, stderr: 'Error: unavailable (14): Transport became inactive\n' });
    await waitUntil('the guest command to die', () => !processesOf(mac.root).includes(pid));
    expect(mac.vm('lab').isRunning).toBe(false);
  });

  test('the guest crashes: another line, still 0', async () => {
    await using mac = await withBehavior({ crashAfter: 50 });
    await mac.addVm('lab');
    const { code, stdout } = await tart(mac, 'run', 'lab');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^guest has stopped the virtual machine due to error: .*\n$/),
    });
  });

  test('it does not start: the bare error, 1', async () => {
    await using mac = await createMac();
    const text = 'The number of VMs exceeds the system limit (other running VMs: a, b)';
    mac.configure({ perVm: { lab: { bootError: text } } });
    await mac.addVm('lab');
    expect(await tart(mac, 'run', 'lab')).toEqual({ code: 1, signal: null, stdout: '', stderr: `${text}\n` });
  });

  test('the power button may be ignored', async () => {
    await using mac = await withBehavior({ ignoresPowerButton: true });
    const run = await booted(mac);
    run.kill('SIGUSR2');
    await run.waitFor('Requesting guest OS to stop...');
    expect((await tart(mac, 'exec', 'lab', 'true')).code).toBe(0);
  });
});

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
    const result = await tart(mac, 'exec', 'lab', 'true');
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

describe('stop', () => {
  test('cuts the power in silence; not running is 2', async () => {
    await using mac = await createMac();
    const run = await booted(mac);
    expect(await tart(mac, 'stop', 'lab')).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect((await run.exited).stdout).toBe('Stopping VM...\n');
    expect(await tart(mac, 'stop', 'lab')).toMatchObject({ code: 2, stderr: 'VM "lab" is not running\n' });
  });

  test('kills what does not listen when the time is up', async () => {
    await using mac = await withBehavior({ ignoresStop: true });
    const run = await booted(mac);
    expect((await tart(mac, 'stop', 'lab', '--timeout', '2')).code).toBe(0);
    expect((await run.exited).signal).toBe('SIGKILL');
  });

  test('drops the snapshot of a suspended VM, which run refuses', async () => {
    await using mac = await createMac();
    const { folder } = await mac.addVm('lab');
    writeFileSync(join(folder, 'state.vzvmsave'), '');
    expect((await tart(mac, 'list')).stdout).toContain('suspended');
    expect(await tart(mac, 'run', 'lab')).toMatchObject({ code: 64, stderr: expect.stringContaining('You can only suspend macOS VMs') });
    expect((await tart(mac, 'stop', 'lab')).code).toBe(0);
    expect(existsSync(join(folder, 'state.vzvmsave'))).toBe(false);
  });
});

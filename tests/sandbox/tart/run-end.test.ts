import { describe, expect, test } from 'bun:test';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../mac.ts';
import { hasEnded } from '../processes.ts';
import { waitUntil } from '../wait.ts';
import { booted, exec, silent, tart, withBehavior } from './calls.ts';

/** What ends a `tart run`: its guest, a signal, or `tart stop`. */
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
    await waitUntil('the guest command to die', () => hasEnded(mac.root, pid));
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
    expect((await exec(mac, 'true')).code).toBe(0);
  });
});

describe('stop', () => {
  test('cuts the power in silence; not running is 2', async () => {
    await using mac = await createMac();
    const run = await booted(mac);
    expect(await tart(mac, 'stop', 'lab')).toEqual(silent);
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

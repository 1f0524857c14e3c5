import { describe, expect, test } from 'bun:test';
import { createMac } from '../mac.ts';
import { hasManyAddresses } from '../scratch/loopback.ts';
import { waitUntil } from '../wait.ts';
import { exec, lost, running, tart } from './calls.ts';

/** Whether a guest can be reached: by `exec` through its agent, and by the address that `ip` tells. */
describe('connecting', () => {
  test('waits for an agent that is still coming up', async () => {
    await using mac = await createMac({ knobs: { timing: { agentUp: 400 } } });
    await mac.addVm('lab');
    mac.start('tart', ['run', 'lab']);
    await mac.event('locked', 'lab');
    expect((await exec(mac, 'true')).code).toBe(0);
    const up = await mac.event('agent-up', 'lab');
    expect(up.at).toBeGreaterThanOrEqual((await mac.event('locked', 'lab')).at + 400);
  });

  test('gives up after its window', async () => {
    await using mac = await createMac({ knobs: { timing: { execWindow: 300 }, behavior: { agent: 'never' } } });
    await mac.addVm('lab', { running: true });
    const began = Date.now();
    expect(await exec(mac, 'true')).toMatchObject({ code: 1, stderr: expect.stringContaining('is the Tart Guest Agent running?') });
    expect(Date.now() - began).toBeGreaterThanOrEqual(300);
  });

  test('an agent that dies breaks the running exec and refuses the next', async () => {
    const lossDuringExec = { of: 'agent', after: 30, command: 'sleep' } as const;
    await using mac = await running({ knobs: { timing: { execWindow: 100 }, behavior: { lossDuringExec } } });
    expect((await exec(mac, 'true')).code).toBe(0);
    expect(await exec(mac, 'sleep', '60')).toMatchObject(lost);
    expect((await exec(mac, 'true')).stderr).toContain('Failed to connect');
    expect(mac.vm('lab').isRunning).toBe(true);
  });
});

describe('ip', () => {
  test('every resolver knows a running VM', async () => {
    await using mac = await running();
    const address = mac.vm('lab').address ?? '';
    for (const resolver of ['dhcp', 'arp', 'agent']) {
      expect(await tart(mac, 'ip', 'lab', '--resolver', resolver)).toMatchObject({ code: 0, stdout: `${address}\n` });
    }
  });

  test('a lease outlives its VM, and is found by a clone with the same MAC (trap 13)', async () => {
    await using mac = await running();
    const address = `${mac.vm('lab').address}\n`;
    await mac.vm('lab').powerOff();
    expect((await tart(mac, 'ip', 'lab')).stdout).toBe(address);
    expect((await tart(mac, 'ip', 'lab', '--resolver', 'arp')).code).toBe(1);
    expect((await tart(mac, 'set', 'lab', '--random-mac')).code).toBe(0);
    expect(await tart(mac, 'ip', 'lab')).toMatchObject({ code: 1, stderr: 'no IP address found, is your VM running?\n' });
  });

  test('fails no sooner than a second, and waits as told', async () => {
    await using mac = await createMac({ knobs: { behavior: { ip: 'never' } } });
    await mac.addVm('lab', { running: true });
    const began = Date.now();
    expect(await tart(mac, 'ip', 'lab')).toMatchObject({ code: 1, stderr: 'no IP address found\n' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(100);
    await tart(mac, 'ip', 'lab', '--wait', '3');
    expect(Date.now() - began).toBeGreaterThanOrEqual(400);
  });

  // Where the loopback has but one address, as on a Mac, all scratch guests share it.
  test.skipIf(!hasManyAddresses())('an address may change from boot to boot', async () => {
    await using mac = await running({ knobs: { behavior: { ip: 'changes' } } });
    const first = mac.vm('lab').address;
    await mac.vm('lab').powerOff();
    const run = mac.start('tart', ['run', 'lab']);
    await waitUntil('a second address', () => mac.vm('lab').address !== undefined);
    expect(mac.vm('lab').address).not.toBe(first);
    run.kill('SIGINT');
  });
});

import { expect } from 'bun:test';
import type { KnobsPatch } from '../knobs.ts';
import { createMac, type Mac, type MacOptions } from '../mac.ts';
import type { Started } from '../spawn.ts';

/** Calls of the stand-in of Tart, for its own tests. */
export const tart = (mac: Mac, ...args: string[]) => mac.run('tart', args);
export const exec = (mac: Mac, ...command: string[]) => tart(mac, 'exec', 'lab', ...command);

export const ubuntu = 'ghcr.io/cirruslabs/ubuntu:24.04';
/** How a call ends that succeeds and prints nothing. */
export const silent = { code: 0, signal: null, stdout: '', stderr: '' };
/** How `exec` ends when the agent or the guest goes away. */
export const lost = { code: 1, stderr: 'Error: unavailable (14): Transport became inactive\n' };

/** A Mac with a VM `lab` that runs. */
export async function running(options: MacOptions = {}): Promise<Mac> {
  const mac = await createMac(options);
  await mac.addVm('lab', { running: true });
  return mac;
}

/** A VM `lab` that is booted, in our hands. */
export async function booted(mac: Mac, ...flags: string[]): Promise<Started> {
  if (!mac.vm('lab').exists) await mac.addVm('lab');
  const run = mac.start('tart', ['run', '--no-graphics', ...flags, 'lab']);
  await mac.event('ip', 'lab');
  expect((await exec(mac, 'true')).code).toBe(0);
  return run;
}

export const withBehavior = (behavior: KnobsPatch['behavior']) => createMac({ knobs: { behavior: behavior ?? {} } });

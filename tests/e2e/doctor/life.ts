import { expect } from 'bun:test';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KnobsPatch } from '../../sandbox/knobs.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { writeState } from '../state.ts';

export const up = async (mac: Mac, vm: string) => expect((await mac.rusta(['up', vm])).code).toBe(0);

/** Boots again with the knobs of now, and leaves nothing of the first boot behind. */
export async function reboot(mac: Mac, vm: string, patch: KnobsPatch): Promise<void> {
  await mac.vm(vm).powerOff();
  rmSync(join(mac.vm(vm).folder, 'control.sock'), { force: true });
  mac.configure(patch);
  await boot(mac, vm);
}

/** Boots as somebody does by hand, and waits for as much as the knobs allow. */
export async function boot(mac: Mac, vm: string): Promise<void> {
  const app = join(mac.root, 'libexec/tart.app/Contents/MacOS/tart');
  mac.start(app, ['run', '--no-graphics', vm], { env: { SANDBOX_UNSEEN: '1' } });
  await waitUntil(`${vm} to run`, () => mac.vm(vm).isRunning && existsSync(join(mac.vm(vm).folder, 'control.sock')));
  const { agent, ip } = { ...mac.knobs.behavior, ...mac.knobs.perVm[vm] };
  if (ip !== 'never') await waitUntil(`the address of ${vm}`, () => mac.vm(vm).address !== undefined);
  if (agent !== 'never')
    await waitUntil(`the agent of ${vm}`, () => existsSync(join(mac.root, 'machines', String(mac.vm(vm).runPid), 'agent.sock.since')));
}

export const forDocker = (mac: Mac, vm: string): void => writeState(mac, `[vms.${vm}]\nkey = true\ndocker = true\n`);
export const addressOf = (mac: Mac): string => mac.vm('lab').address ?? '';

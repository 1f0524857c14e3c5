/** What `create --from` refuses before anything is copied. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { writeState } from '../state.ts';
import { copyLab, tartVerbs } from './helpers/copy.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('create --from refuses', () => {
  const left = () => expect(mac.vm('web').exists || tartVerbs(mac).includes('clone')).toBe(false);

  test('a source that is absent', async () => {
    const { code, stderr } = await mac.rusta(['create', 'web', '--from', 'lap']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "[error] VM 'lap' not found\nDid you mean 'lab'? Run 'rusta list' to see the VMs.\n",
    });
    left();
  });

  test('itself', async () => {
    const { code, stderr } = await mac.rusta(['create', 'web', '--from', 'web']);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("[error] VM 'web' not found\n") });
    left();
  });

  test('a source that runs', async () => {
    await mac.rusta(['up', 'lab']);
    const { code, stderr } = await copyLab(mac);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "[error] VM 'lab' is running, and its disk changes while it does\nStop it first: rusta down lab\n",
    });
    left();
  });

  test('a source that only starts, which Tart does not call running yet', async () => {
    mac.configure({ timing: { lock: 60_000 } });
    const up = mac.start(RUSTA, ['up', 'lab']);
    await mac.event('starting', 'lab');
    const { code, stderr } = await copyLab(mac);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("[error] VM 'lab' is running") });
    left();
    up.kill('SIGKILL');
  });

  test('a source that is suspended', async () => {
    writeFileSync(join(mac.vm('lab').folder, 'state.vzvmsave'), '');
    const { code, stderr } = await copyLab(mac);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("[error] VM 'lab' is suspended") });
    left();
  });

  test('a source that is half-made', async () => {
    writeState(mac, '[vms.lab]\nsetup = "provisioning"\n');
    const { code, stderr } = await copyLab(mac);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "[error] VM 'lab' is not complete: its creation stopped while provisioning\nFinish it first: rusta create lab --resume\n",
    });
    left();
  });

  test('a disk that would have to shrink', async () => {
    const { code, stderr } = await copyLab(mac, '--disk', '10');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "[error] the disk of VM 'lab' has 20 GB and only grows; 10 GB were asked for\nNothing was changed. Try again with 'rusta create web --from lab --disk 20' or more.\n",
    });
    left();
  });

  test('more CPUs than this Mac has', async () => {
    // In place of the stand-in's, and not through its link.
    rmSync(join(mac.bin, 'sysctl'), { force: true });
    writeFileSync(join(mac.bin, 'sysctl'), '#!/bin/sh\nprintf "8\\n17179869184\\n"\n', { mode: 0o755 });
    const { code, stderr } = await copyLab(mac, '--cpus', '9');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("VM 'web' cannot have 9 CPUs: this Mac has 8") });
    left();
  });

  test.each<string[]>([
    ['--version', '22.04'],
    ['--image', 'ubuntu'],
    ['--source', 'ghcr.io/cirruslabs'],
    ['--image-ref', 'ghcr.io/cirruslabs/ubuntu:22.04'],
    ['--user', 'bob'],
    ['--password', 'x'],
    ['--gui'],
    ['--debug-no-headless'],
    ['--resume'],
  ])('%s, which says otherwise', async (...flag: string[]) => {
    const { code, stderr } = await copyLab(mac, ...flag);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/flags '--from' and '\S+' exclude each other/) });
    expect(mac.calls()).toEqual([]);
  });

  test('a value in state.toml that is not a name', async () => {
    writeState(mac, '[vms.web]\nsetup = "cloning"\nfrom = "--help"\n');
    const { code, stderr } = await mac.rusta(['create', 'web', '--resume']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('vms.web.from is not the name of a VM') });
    left();
  });
});

/** Which address of a VM stands in its alias, and what is kept of it. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { hasManyAddresses } from '../../sandbox/scratch/loopback.ts';
import { macWithRunningLab } from '../running-lab.ts';
import { commands } from '../state.ts';
import { dockerSetup, sshConfig } from './helpers/aliases.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await macWithRunningLab();
});
afterEach(() => mac[Symbol.asyncDispose]());

const pinned = (alias: string) => new RegExp(`Host ${alias}\\n\\s+HostName (.*)\\n`).exec(readFileSync(sshConfig(mac), 'utf8'))?.[1];

describe('addresses', () => {
  test("docker's bridge is not taken for the VM's address, in what is printed or in the alias", async () => {
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    await mac.rusta(['down', 'lab']);
    mac.configure({
      behavior: { docker0: true },
      faults: [{ program: 'tart', args: ['ip', 'lab'], times: 1, do: 'exit', code: 1, stderr: 'no IP address found' }],
    });
    const up = await mac.rusta(['up', 'lab']);
    expect(up.stdout).toContain(`[ok] IP address: ${mac.vm('lab').address}`);
    expect(pinned('docker-lab')).toBe(mac.vm('lab').address);
  });

  test('up on a VM that runs looks at the address for its alias: one call of tart more, and none without an alias', async () => {
    await mac.addVm('bare', { running: true });
    const calls = async (vm: string) => {
      const before = mac.calls('tart').length;
      const result = await mac.rusta(['up', vm]);
      return { result, calls: commands(mac, 'tart').slice(before) };
    };
    expect((await calls('bare')).calls).toEqual(['list --format json']);
    await dockerSetup(mac);
    expect(await calls('lab')).toMatchObject({
      calls: ['list --format json', 'ip lab'],
      result: { code: 0, stdout: "[skip] VM 'lab' is already running\n" },
    });
    writeFileSync(sshConfig(mac), readFileSync(sshConfig(mac), 'utf8').replace(/HostName .*/, 'HostName 192.0.2.99'));
    expect((await calls('lab')).result.stdout).toContain(`[ok] SSH alias docker-lab now leads to ${mac.vm('lab').address}`);
    expect(pinned('docker-lab')).toBe(mac.vm('lab').address);
  });

  test('a config that cannot be read does not keep a VM from running, and what should be in it is told', async () => {
    await dockerSetup(mac);
    rmSync(sshConfig(mac));
    mkdirSync(sshConfig(mac));
    const up = await mac.rusta(['up', 'lab']);
    expect(up).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^\[warn] the SSH alias docker-lab cannot be looked at: .*\.ssh\/config/m),
    });
    await mac.addVm('plain', { running: true });
    expect(await mac.rusta(['up', 'plain'])).toMatchObject({ code: 0, stderr: '' });
  });

  test('a config on a disk that is not mounted is found out before the work; one that is yet to be made is made', async () => {
    symlinkSync('/Volumes/gone/config', sshConfig(mac));
    const { code, stdout, stderr } = await dockerSetup(mac);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toStartWith(
      `[error] ${sshConfig(mac)} cannot be read: ${sshConfig(mac)} is a link to /Volumes/gone/config, which is not there\n`,
    );
    expect(mac.calls('ssh')).toEqual([]);
    rmSync(sshConfig(mac));
    symlinkSync('../dotfile', sshConfig(mac));
    expect(await dockerSetup(mac)).toMatchObject({ code: 0 });
    expect(readFileSync(join(mac.home, 'dotfile'), 'utf8')).toContain('Host docker-lab\n');
  });

  // On a Mac all guests of the stand-in have one address.
  test.skipIf(!hasManyAddresses())('an old lease that leads to another VM is not followed', async () => {
    await mac.addVm('other', { running: true });
    mac.configure({ faults: [{ program: 'tart', args: ['ip', 'lab'], do: 'exit', code: 0, stdout: `${mac.vm('other').address}\n` }] });
    expect(await mac.rusta(['ssh', 'lab', '--', 'touch', 'here'])).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(mac.vm('lab').guest, 'home/admin/here'))).toBe(true);
    expect(existsSync(join(mac.vm('other').guest, 'home/admin/here'))).toBe(false);
  });

  test('an address that another VM gets goes from the block that had it', async () => {
    await dockerSetup(mac);
    await mac.addVm('web', { running: true });
    writeFileSync(sshConfig(mac), readFileSync(sshConfig(mac), 'utf8').replace(/HostName .*/, `HostName ${mac.vm('web').address}`));
    expect(await dockerSetup(mac, 'web')).toMatchObject({ code: 0 });
    expect([pinned('docker-web'), pinned('docker-lab')]).toEqual([mac.vm('web').address, 'address-of-another-vm.invalid']);
    await mac.rusta(['up', 'lab']);
    expect(pinned('docker-lab')).toBe(mac.vm('lab').address);
  });
});

test('what ssh keeps while it runs is gone after it, and the address goes with the VM', async () => {
  await mac.rusta(['ssh', 'lab', '--', 'true']);
  const run = join(mac.home, '.local/share/rusta/run');
  expect(readFileSync(join(run, 'lab.address'), 'utf8')).toEndWith(` ${mac.vm('lab').address} proven\n`);
  expect([...new Bun.Glob('{.*,*}').scanSync({ cwd: run, dot: true })].filter((name) => name.includes('ssh'))).toEqual([]);
  await mac.rusta(['delete', 'lab', '--yes', '--force-running']);
  expect(existsSync(join(run, 'lab.address'))).toBe(false);
});

test('a folder of state that cannot be written does not keep anybody from ssh', async () => {
  const folder = join(mac.home, '.local/share/rusta');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run'), 'in the way');
  chmodSync(folder, 0o500);
  expect(await mac.rusta(['ssh', 'lab', '--', 'echo', 'in'])).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
});

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const runs = () => commands(mac, 'tart').filter((line) => line.startsWith('run'));
const ran = (program: string) => commands(mac, `guest:${program}`);

describe.each([
  [['--gui'], 'ubuntu-desktop', 'gdm3'],
  [['--gui', 'ubuntu-desktop'], 'ubuntu-desktop', 'gdm3'],
  [['--gui', 'xubuntu-desktop'], 'xubuntu-desktop', 'lightdm'],
  [['--gui=lubuntu-desktop'], 'lubuntu-desktop', 'sddm'],
  [['--gui', 'lightdm'], 'lightdm', 'lightdm'],
])('create lab %p (spec 10, item 6)', (flags, desktop, manager) => {
  test(`installs ${desktop}, with ${manager} and the NetworkManager workaround`, async () => {
    const { code, stdout, stderr } = await mac.rusta(['create', 'lab', ...flags]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`     screen ${desktop} with ${manager}, boots with a window\n`);
    const guest = mac.vm('lab').guest;
    const conf = join(guest, 'etc/NetworkManager/conf.d/10-manage-all.conf');
    expect(readFileSync(conf, 'utf8')).toBe('[keyfile]\nunmanaged-devices=none\n');
    expect(existsSync(join(guest, 'home/admin/.config/gnome-initial-setup-done'))).toBe(true);
    const packages = desktop === manager ? ` install ${desktop}` : ` install ${desktop} ${manager}`;
    expect([...ran('apt-get'), ...ran('apt-fast')].filter((line) => line.endsWith(packages))).not.toEqual([]);
    expect(ran('systemctl')).toEqual(
      expect.arrayContaining([
        'restart NetworkManager.service',
        'disable systemd-networkd-wait-online.service',
        'set-default graphical.target',
        `enable --force ${manager}.service`,
      ]),
    );
    expect(readState(mac)).toBe(`[vms.lab]\ngui = true\nflags = [ "--gui", "${desktop}" ]\n`);
  });
});

test.each(['22.04', '24.04', '26.04'])('--gui works for release %s (spec 10, item 6)', async (version) => {
  expect(await mac.rusta(['create', '--gui', '--version', version, 'lab'])).toMatchObject({ code: 0, stderr: '' });
  expect(commands(mac, 'tart')).toContain(`clone ghcr.io/cirruslabs/ubuntu:${version} lab`);
});

test.each([
  [['create', '--gui=kde', 'lab'], "--gui accepts: ubuntu-desktop, xubuntu-desktop, lubuntu-desktop, lightdm; not 'kde'"],
  [
    ['create', '--gui', 'kubuntu-desktop', 'lab'],
    "--gui accepts: ubuntu-desktop, xubuntu-desktop, lubuntu-desktop, lightdm; not 'kubuntu-desktop'",
  ],
])('%p is refused before anything is started', async (args, message) => {
  expect(await mac.rusta(args)).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`[error] ${message}`) });
  expect(mac.calls()).toEqual([]);
});

test("the wizard is skipped for the image's own user, wherever the home folder is", async () => {
  mac.configure({ user: 'bob' });
  expect(await mac.rusta(['create', 'lab', '--gui', '--user', 'bob'])).toMatchObject({ code: 0 });
  expect(existsSync(join(mac.vm('lab').guest, 'home/bob/.config/gnome-initial-setup-done'))).toBe(true);
  expect(existsSync(join(mac.vm('lab').guest, 'home/admin/.config'))).toBe(false);
});

test('what create was asked for decides how up boots, and a flag of up beats it once (spec 10, item 13)', async () => {
  await mac.rusta(['create', 'plain']);
  await mac.rusta(['create', 'lab', '--gui', 'lightdm']);
  const before = runs().length;
  const upAndDown = async (...args: string[]) => {
    expect(await mac.rusta(['up', ...args])).toMatchObject({ code: 0 });
    expect(await mac.rusta(['down', args[0] ?? ''])).toMatchObject({ code: 0 });
  };
  await upAndDown('plain');
  await upAndDown('lab');
  await upAndDown('lab', '--no-gui');
  await upAndDown('plain', '--gui');
  await upAndDown('lab');
  expect(runs().slice(before)).toEqual(['run plain --no-graphics', 'run lab', 'run lab --no-graphics', 'run plain', 'run lab']);
});

test('--resume installs the desktop that create was asked for, unless it names another', async () => {
  mac.configure({ faults: [{ program: 'guest:systemctl', args: ['restart'], do: 'exit', code: 1 }] });
  const failed = await mac.rusta(['create', 'lab', '--gui', 'xubuntu-desktop', '--cpus', '2']);
  expect(failed.stderr).toContain('failed in step 11 of 13, Handing the network over to NetworkManager');
  expect(readState(mac)).toMatch(/^gui = true$[\s\S]*^setup = "provisioning"$/m);
  mac.configure({ faults: [] });
  expect((await mac.rusta(['create', 'lab', '--resume'])).stdout).toContain('screen xubuntu-desktop with lightdm');
  expect(readState(mac)).toBe('[vms.lab]\ngui = true\nflags = [ "--gui", "xubuntu-desktop", "--cpus", "2" ]\n');
});

describe('set-gui', () => {
  test('changes how the VM boots from its next start on', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({
      code: 0,
      stdout: "[ok] VM 'lab' boots with a window from now on\n",
      stderr: '',
    });
    expect(readState(mac)).toBe('[vms.lab]\ngui = true\n');
    await mac.rusta(['up', 'lab']);
    expect(runs()).toEqual(['run lab']);
    expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({ code: 0, stdout: "[skip] VM 'lab' boots with a window already\n" });
    const off = await mac.rusta(['set-gui', 'lab', 'off']);
    expect(off).toMatchObject({ code: 0, stdout: expect.stringContaining("It runs as it was started until 'rusta restart lab'.") });
    expect(readState(mac)).toBe('[vms.lab]\ngui = false\n');
  });

  test.each([
    [['set-gui', 'lab', 'maybe'], 1, "set-gui accepts: on, off; not 'maybe'"],
    [['set-gui', 'lab'], 1, '<state> is required'],
    [['set-gui', 'a/b', 'on'], 1, "invalid VM name 'a/b'"],
    [['set-gui', 'labb', 'on'], 2, "VM 'labb' not found\nDid you mean 'lab'?"],
  ])('%p ends with %i', async (args, code, message) => {
    await mac.addVm('lab');
    writeState(mac, '[vms.lab]\ngui = false\n');
    expect(await mac.rusta(args)).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) });
    expect(readState(mac)).toBe('[vms.lab]\ngui = false\n');
  });
});

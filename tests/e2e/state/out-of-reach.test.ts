import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, ours, readState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const clones = () => commands(mac, 'tart').filter((line) => line.startsWith('clone'));

describe('a VM that a link leads to, on a disk that is not mounted', () => {
  const place = () => mac.vm('lab').folder;
  const target = () => join(mac.root, 'ext/lab');
  beforeEach(async () => {
    expect(await mac.rusta(['set-gui', 'lab', 'on'])).toMatchObject({ code: 0 });
    mkdirSync(dirname(target()));
    renameSync(place(), target());
    symlinkSync(target(), place());
    renameSync(dirname(target()), join(mac.root, 'unmounted'));
  });

  test('is named by every command, and neither its link nor its record is replaced', async () => {
    const said = `VM 'lab' cannot be reached: ${place()} is a link to ${target()}, which is not there`;
    for (const args of [
      ['up', 'lab'],
      ['ip', 'lab'],
      ['create', 'lab'],
      ['create', 'LAB'],
      ['create', 'lab', '--resume'],
      ['create', 'web', '--from', 'lab'],
      ['delete', 'lab', '--yes'],
    ]) {
      const { code, stderr } = await mac.rusta(args);
      expect({ args, code, stderr }).toMatchObject({
        args,
        code: 1,
        stderr: expect.stringContaining(`[error] ${said}\nNothing was changed.`),
      });
    }
    expect((await mac.rusta(['list'])).stderr).toContain(`[warn] ${said}`);
    expect(clones()).toEqual([]);
    expect(lstatSync(place()).isSymbolicLink()).toBe(true);
    expect(readState(mac)).toContain('gui = true');
  });

  test('is as it was once the disk is mounted again', async () => {
    await mac.rusta(['create', 'lab']);
    renameSync(join(mac.root, 'unmounted'), dirname(target()));
    expect((await mac.rusta(['up', 'lab'])).stdout).toContain("Starting VM 'lab' (with a window)");
  });
});

test('when a file stands in the place of a VM, then create leaves it alone', async () => {
  const path = join(mac.tartHome, 'vms/web');
  writeFileSync(path, 'precious');
  const { code, stderr } = await mac.rusta(['create', 'web']);
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`VM 'web' cannot be reached: ${path} is not a folder`),
  });
  expect(readFileSync(path, 'utf8')).toBe('precious');
});

test.each<string[]>([
  ['create', 'web'],
  ['create', 'web', '--from', 'lab'],
])('when config.json of another VM is cut off, then %s %s says of which', async (...args: string[]) => {
  await mac.addVm('broken');
  writeFileSync(join(mac.vm('broken').folder, 'config.json'), '{"version":1,');
  const { code, stderr } = await mac.rusta(args);
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("VM 'web' was not created: config.json of VM 'broken' is damaged, and Tart reads it for a clone\n"),
  });
  expect(stderr).toContain('rusta delete broken');
  expect(await mac.rusta(['delete', 'broken', '--yes'])).toMatchObject({ code: 0 });
  expect(await mac.rusta(args)).toMatchObject({ code: 0, stderr: '' });
});

test('a folder of keys that is out of reach is not a missing one', async () => {
  rmSync(join(mac.home, '.ssh'), { recursive: true, force: true });
  symlinkSync('/Volumes/gone/ssh', join(mac.home, '.ssh'));
  for (const args of [
    ['ssh-copy', 'lab'],
    ['create', 'web', '--ssh-copy-keys'],
  ]) {
    const { code, stderr } = await mac.rusta(args);
    expect({ args, code, stderr }).toMatchObject({
      args,
      code: 1,
      stderr: expect.stringContaining(`${join(mac.home, '.ssh')} is a link to /Volumes/gone/ssh, which is not there`),
    });
  }
  expect(clones()).toEqual([]);
});

test.each(['id_ed25519', 'id_ed25519.pub'])('a half of the key that is out of reach is not made anew: %s', async (name) => {
  const path = join(mac.home, '.ssh', name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  symlinkSync('/Volumes/gone/key', path);
  const { code, stderr } = await mac.rusta(['docker-setup', 'lab']);
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`[error] ${path} cannot be read: ${path} is a link to /Volumes/gone/key, which is not there`),
  });
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
});

test('when our own folder is a link that leads nowhere, then that is what is said, also where it would be made', async () => {
  mkdirSync(dirname(ours(mac)), { recursive: true });
  rmSync(ours(mac), { recursive: true, force: true });
  symlinkSync('/Volumes/gone/rusta', ours(mac));
  for (const args of [['list'], ['default', 'lab'], ['create', 'web']]) {
    const { code, stderr } = await mac.rusta(args);
    expect({ args, code, stderr }).toMatchObject({
      args,
      code: 1,
      stderr: expect.stringContaining(`${ours(mac)} is a link to /Volumes/gone/rusta, which is not there`),
    });
  }
});

test('what needs a running VM names the way out of a suspended one', async () => {
  writeFileSync(join(mac.vm('lab').folder, 'state.vzvmsave'), '');
  for (const args of [
    ['ip', 'lab'],
    ['ssh', 'lab', '--', 'true'],
  ]) {
    expect(await mac.rusta(args)).toMatchObject({
      code: 1,
      stderr:
        "[error] VM 'lab' is suspended, not running\nDrop what it had in memory, then start it: rusta down lab --force && rusta up lab\n",
    });
  }
});

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { readState } from '../state.ts';
import { sharing } from './sharing.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
  folder('project');
});
afterEach(() => mac[Symbol.asyncDispose]());

const { home, folder, inHome, up, runLines, inGuest } = sharing(() => mac);

describe('up --share', () => {
  test('mounts a folder below /mnt before the VM is said to run', async () => {
    const { code, stdout, stderr } = await up('--share', 'project');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain("[ok] VM 'lab' is running");
    expect(runLines()).toEqual([`run lab --no-graphics --dir share:${home('project')}:tag=rusta-0`]);
    expect(await inGuest('cat /mnt/project/name; echo hello > /mnt/project/new')).toBe('project\n');
    expect(readFileSync(home('project/new'), 'utf8')).toBe('hello\n');
    expect((readState(mac) ?? '').trim()).toBe('');
  });

  test('is for once, each with a tag and a place of its own', async () => {
    folder('other');
    expect(await up('--share', 'project:/srv/src/', '--share', `${home('other')}:ro`)).toMatchObject({ code: 0, stderr: '' });
    expect(runLines()[0]).toBe(
      `run lab --no-graphics --dir share:${home('project')}:tag=rusta-0 --dir share:${home('other')}:ro,tag=rusta-1`,
    );
    expect(await inGuest('cat /srv/src/name /mnt/other/name')).toBe('project\nother\n');
    expect(await mac.rusta(['restart', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    expect(runLines().at(-1)).toBe('run lab --no-graphics');
  });

  test.each([
    ['with spaces'],
    ['with:a colon'],
    ['with,comma,ro'],
    ["with'quote"],
    ['mit Umläuten'],
    [' --dir tag=rusta-0'],
    ['tart run lab'],
  ])('of a path %p; and the VM is still known as ours', async (name) => {
    folder(name);
    expect(await up('--share', `${home(name)}:/mnt/it`)).toMatchObject({ code: 0, stderr: '' });
    expect(await inGuest('cat /mnt/it/name')).toBe(`${name}\n`);
    expect(await mac.rusta(['down', 'lab'])).toMatchObject({ code: 0, stderr: '' });
    expect(mac.calls('tart').some(({ args }) => args[0] === 'stop')).toBe(false);
    expect(await mac.rusta(['down', 'lab'])).toMatchObject({ stdout: "[skip] VM 'lab' is already stopped\n" });
  });

  test('through a link, it is what the link leads to', async () => {
    symlinkSync('project', home('link'));
    await up('--share', 'link');
    expect(runLines()[0]).toContain(`share:${home('project')}:`);
  });

  test('on a running VM is an error that names restart, which takes it', async () => {
    await up();
    const { code, stderr } = await up('--share', 'project');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        "[error] VM 'lab' is running, and folders can only be shared when it starts\nStart it anew: rusta restart lab --share project\n",
    });
    expect(await mac.rusta(['restart', 'lab', '--share', 'project'], inHome)).toMatchObject({ code: 0, stderr: '' });
    expect(await inGuest('cat /mnt/project/name')).toBe('project\n');
  });

  test('a mount that the guest refuses is told, the others are there, and the VM runs', async () => {
    folder('other');
    writeFileSync(join(mac.vm('lab').guest, 'srv/file'), '');
    const { code, stdout, stderr } = await up('--share', 'project:/srv/file', '--share', 'other');
    expect({ code, running: mac.vm('lab').isRunning }).toEqual({ code: 1, running: true });
    expect(stdout).toContain("[ok] VM 'lab' is running\n[ok] IP address: ");
    // The paths of a scratch guest are the host's.
    expect(stderr).toMatch(/^\[error\] not all shared folders are mounted in VM 'lab': \S*\/srv\/file: mkdir: cannot create/);
    expect(stderr).toContain('rusta restart lab --share project:/srv/file --share other');
    expect(await inGuest('cat /mnt/other/name')).toBe('other\n');
  });

  test('an agent that fails is told', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['exec', '-i'], do: 'exit', stderr: 'Error: no\n' }] });
    const { code, stderr } = await up('--share', 'project');
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not all shared folders are mounted in VM 'lab': Error: no"),
    });
    expect(mac.vm('lab').isRunning).toBe(true);
  });
});

describe('run --share', () => {
  test('runs in the first', async () => {
    folder('second');
    const flags = ['--share', 'project:/srv/src', '--share', 'second:ro'];
    const words = ['--', 'cat name /mnt/second/name; echo made > out'];
    expect(await mac.rusta(['run', '--from', 'lab', ...flags, ...words], inHome)).toMatchObject({ code: 0, stdout: 'project\nsecond\n' });
    expect(readFileSync(home('project/out'), 'utf8')).toBe('made\n');
  });

  test('a mount that is refused ends it, and nothing is left', async () => {
    writeFileSync(join(mac.vm('lab').guest, 'srv/file'), '');
    const { code, stdout, stderr } = await mac.rusta(['run', '--from', 'lab', '--share', 'project:/srv/file', '--', 'echo ran'], inHome);
    expect({ code, stdout, stderr }).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('not all shared folders are mounted'),
    });
    expect((await mac.run('tart', ['list', '--quiet', '--source', 'local'])).stdout).toBe('lab\n');
  });
});

test('nothing of the Mac is seen by default', async () => {
  rmSync(home('project'), { recursive: true });
  await up();
  expect(runLines()).toEqual(['run lab --no-graphics']);
});

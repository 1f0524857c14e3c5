import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { symlinkSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { sharing } from './sharing.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
  folder('project');
});
afterEach(() => mac[Symbol.asyncDispose]());

const { home, folder, inHome, up, runLines } = sharing(() => mac);

describe('refused before anything is started', () => {
  const refuse = async (share: string, why: string) => {
    for (const args of [
      ['up', 'lab'],
      ['create', 'new'],
      ['run', '--from', 'lab'],
    ]) {
      const { code, stderr } = await mac.rusta([...args, '--share', share, ...(args[0] === 'run' ? ['--', 'true'] : [])], inHome);
      expect({ args, code, stderr }).toMatchObject({ args, code: 1, stderr: expect.stringContaining(why) });
    }
    expect(mac.calls('tart').some(({ args }) => args[0] === 'run' || args[0] === 'clone')).toBe(false);
  };

  test.each<[string, string]>([
    ['/', 'it is your home folder, or holds it'],
    ['.', 'it is your home folder, or holds it'],
    ['..', 'it is your home folder, or holds it'],
    ['project/..', 'it is your home folder, or holds it'],
    ['~', 'it is your home folder, or holds it'],
    ['.ssh', 'it is in ~/.ssh'],
    ['.ssh/inner', 'it is in ~/.ssh'],
    ['Library', 'it is in ~/Library'],
    ['Library/Keychains', 'it is in ~/Library'],
    ['keys', 'it is in ~/.ssh'],
    ['nowhere', 'it is not there'],
    ['project/name', 'it is not there, or is not a folder'],
    ['x'.repeat(300), 'it is not there, or is not a folder'],
    ['x/'.repeat(3_000), 'it is not there, or is not a folder'],
    ['a::b', 'Tart cannot be told of a path with such colons'],
    ['project:/', 'would hide what the guest needs'],
    ['project:/etc', 'would hide what the guest needs'],
    ['project:/mnt/../usr/', 'would hide what the guest needs'],
    ['project:/home/admin/', 'would hide what the guest needs'],
    [':/mnt/x', 'names no folder to share'],
  ])('%s', async (share, why) => {
    for (const path of [['.ssh', 'inner'], ['Library', 'Keychains'], ['a::b']]) folder(...path);
    symlinkSync('.ssh/inner', home('keys'));
    await refuse(share, why);
  });

  test('two at one place', async () => {
    folder('b', 'project');
    const { code, stderr } = await up('--share', 'project', '--share', 'b/project');
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('two shares at /mnt/project') });
    expect(runLines()).toEqual([]);
  });
});

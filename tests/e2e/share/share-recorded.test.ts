import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, renameSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { readState, writeState } from '../state.ts';
import { sharing } from './sharing.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
  folder('project');
});
afterEach(() => mac[Symbol.asyncDispose]());

const { home, folder, inHome, up, runLines } = sharing(() => mac);

describe('create --share', () => {
  test('is on record, for each boot by up, and for none before', async () => {
    const { code, stderr } = await mac.rusta(['create', 'web', '--share', 'project:ro'], inHome);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const share = `${home('project')}:/mnt/project:ro`;
    expect(readState(mac)?.trim()).toBe(`[vms.web]\ngui = false\nshares = [ "${share}" ]`);
    expect(runLines()).toEqual(['run web --no-graphics']);
    for (const verb of ['up', 'restart']) {
      expect(await mac.rusta([verb, 'web'])).toMatchObject({ code: 0, stderr: '' });
      expect(runLines().at(-1)).toBe(`run web --no-graphics --dir share:${home('project')}:ro,tag=rusta-0`);
    }
    expect((await mac.rusta(['create', 'web'])).stdout).toContain(`rusta create web ... --share ${share}\n`);
  });

  test('with --up the VM boots anew for it', async () => {
    expect(await mac.rusta(['create', 'web', '--share', 'project', '--up'], inHome)).toMatchObject({ code: 0, stderr: '' });
    expect(runLines()).toEqual(['run web --no-graphics', `run web --no-graphics --dir share:${home('project')}:tag=rusta-0`]);
  });

  test('a copy does not inherit it, and has its own', async () => {
    writeState(mac, `[vms.lab]\nshares = [ "${home('project')}:/mnt/project" ]\n`);
    await mac.rusta(['create', 'web', '--from', 'lab']);
    await mac.rusta(['create', 'own', '--from', 'lab', '--share', 'project:/srv/x'], inHome);
    expect(readState(mac)?.match(/shares = .*/g)).toEqual([
      `shares = [ "${home('project')}:/mnt/project" ]`,
      `shares = [ "${home('project')}:/srv/x" ]`,
    ]);
  });

  test('a folder that has vanished is told before the boot', async () => {
    await mac.rusta(['create', 'web', '--share', 'project'], inHome);
    renameSync(home('project'), home('moved'));
    const { code, stderr } = await mac.rusta(['up', 'web']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`'${home('project')}' cannot be shared: it is not there`),
    });
    expect(runLines()).toHaveLength(1);
  });

  test('what is written into state.toml is looked at as if it were typed', async () => {
    mkdirSync(home('.ssh'));
    writeState(mac, `[vms.lab]\nshares = [ "${home('.ssh')}:/mnt/keys" ]\n`);
    expect(await up()).toMatchObject({ code: 1, stderr: expect.stringContaining('it is in ~/.ssh') });
    writeState(mac, '[vms.lab]\nshares = "/x"\n');
    expect(await up()).toMatchObject({ code: 1, stderr: expect.stringContaining('vms.lab.shares is not a list of words') });
    expect(runLines()).toEqual([]);
  });
});

import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { boot } from '../doctor/life.ts';
import { writeState } from '../state.ts';
import { sharing } from './sharing.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab');
  for (const name of ['project', 'b c']) mkdirSync(home(name));
});
afterEach(() => mac[Symbol.asyncDispose]());

const { home } = sharing(() => mac);
const told = async () => {
  const { vms } = JSON.parse((await mac.rusta(['list', '--json'])).stdout).result;
  const [listed, doctor, said] = [vms[0].shares, await mac.rusta(['doctor', 'lab', '--json']), await mac.rusta(['doctor', 'lab'])];
  const sees = said.stdout.split('\n').filter((line) => line.includes(' sees '));
  return { listed, doctor: JSON.parse(doctor.stdout).result.shares, sees };
};
const everything = (share: string, sees: string) => ({
  listed: [share],
  doctor: [{ vm: 'lab', share }],
  sees: [`VM 'lab' sees ${sees}`],
});

test('nothing by default, and nothing where nothing is', async () => {
  expect(await told()).toEqual({ listed: [], doctor: [], sees: [] });
});

test('by a share for one boot while it lasts, and by one on record before its first boot', async () => {
  const folder = home('b c');
  expect(await mac.rusta(['up', 'lab', '--share', `${folder}:/srv/x:ro`])).toMatchObject({ code: 0, stderr: '' });
  expect(await told()).toEqual(everything(`${folder}:/srv/x:ro`, `${folder} of this Mac as /srv/x, read-only`));
  await mac.rusta(['down', 'lab']);
  expect(await told()).toEqual({ listed: [], doctor: [], sees: [] });
  writeState(mac, `[vms.lab]\nshares = [ "${home('project')}:/mnt/project" ]\n`);
  expect(await told()).toEqual(everything(`${home('project')}:/mnt/project`, `${home('project')} of this Mac as /mnt/project`));
});

test('of a VM that was booted by hand, what its record says is not what it sees', async () => {
  writeState(mac, `[vms.lab]\nshares = [ "${home('project')}:/mnt/project" ]\n`);
  await boot(mac, 'lab');
  expect(await told()).toEqual({ listed: [], doctor: [], sees: [] });
});

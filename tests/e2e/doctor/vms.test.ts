import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { ours, writeState } from '../state.ts';
import { BROKEN_GUESTS } from './broken-guests.ts';
import { BROKEN_VMS } from './broken-vms.ts';
import { addressOf, boot, forDocker, reboot, up } from './life.ts';
import { doctor, healthyMac, like, plantAlias, plantContext, plantHostKey, plantInGuest, plantLeases, write } from './world.ts';

setDefaultTimeout(60_000);

let mac: Mac;
beforeEach(async () => {
  mac = await healthyMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('one thing is wrong with a VM: it is named, and nothing else', () => {
  test.each([...BROKEN_VMS, ...BROKEN_GUESTS].map((broken) => [broken.what, broken] as const))(
    '%s',
    async (_what, { spoil, title, command }) => {
      await spoil?.(mac);
      const { code, titles, commands, stderr } = await doctor(mac);
      expect({ code, titles, commands, stderr }).toEqual({ code: 1, titles: [like(title)], commands: [like(command)], stderr: '' });
    },
  );
});

describe('all is well', () => {
  const well = (what: string, prepare: () => void | Promise<void>) =>
    test(what, async () => {
      await prepare();
      expect(await doctor(mac)).toMatchObject({ code: 0, titles: [], stderr: '' });
    });

  well('a VM that rusta started', () => up(mac, 'web'));
  well('a VM set up for Docker, by a user of his own', async () => {
    forDocker(mac, 'lab');
    plantAlias(mac, 'lab', addressOf(mac));
    await plantContext(mac, 'lab', 'ssh://bob@docker-lab');
  });
  well("an alias and a context of the user's own", async () => {
    forDocker(mac, 'lab');
    write(join(mac.home, '.ssh/config'), 'Host docker-lab\n  HostName example.org\n');
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://me@example.org']);
  });
  well('an alias in a file that ~/.ssh/config includes', async () => {
    forDocker(mac, 'lab');
    await plantContext(mac, 'lab', 'ssh://admin@docker-lab');
    mac.configure({
      faults: [{ program: 'ssh', args: ['-G', '--', 'docker-lab'], do: 'partial', stdout: `user admin\nhostname ${addressOf(mac)}\n` }],
    });
  });
  well('a VM that ssh-setup has set up', async () => {
    plantHostKey(mac, 'lab', 'A'.repeat(40));
    await mac.rusta(['ssh-setup', 'lab']);
  });
  well('the alias of a VM that is off', () => plantAlias(mac, 'web', '192.168.64.9'));
  well('a clock that is some seconds off', () => plantInGuest(mac, 'lab', 'date', `echo ${Math.floor(Date.now() / 1_000) - 20}`));
  well('a VM that another rusta is creating', () => {
    writeState(mac, '[vms.new]\nsetup = "cloning"\n');
    write(ours(mac, 'run/new.lock'), `rusta create new (pid ${process.pid})\n`);
  });
  well('files of others beside the VMs', () => {
    writeFileSync(join(mac.tartHome, 'vms/.DS_Store'), '');
    write(ours(mac, 'run/notes.txt'), '');
  });
});

test('three at once, of three VMs, are all named; of one VM its own alone', async () => {
  await mac.addVm('old');
  writeFileSync(join(mac.vm('old').folder, 'state.vzvmsave'), '');
  rmSync(join(mac.vm('web').folder, 'config.json'));
  plantAlias(mac, 'lab', '192.168.64.77');
  const all = await doctor(mac);
  expect(all).toMatchObject({ code: 1, commands: ['tart stop old', 'rusta delete web', 'rusta up lab'] });
  expect(await doctor(mac, ['web'])).toMatchObject({ code: 1, commands: ['rusta delete web'] });
  expect(await doctor(mac, ['lab'])).toMatchObject({ code: 1, commands: ['rusta up lab'] });
});

test('what is wrong between two VMs is told of both', async () => {
  plantAlias(mac, 'web', addressOf(mac));
  for (const vm of ['web', 'lab']) expect(await doctor(mac, [vm])).toMatchObject({ code: 1, commands: ['rusta up web'] });
});

test('a guest that is silent costs less than three seconds', async () => {
  await reboot(mac, 'lab', { perVm: { lab: { agent: 'never' } }, timing: { execWindow: 30_000 } });
  const started = performance.now();
  expect(await doctor(mac)).toMatchObject({ code: 1, titles: [expect.stringContaining('guest agent')] });
  expect(performance.now() - started).toBeLessThan(6_000);
});

describe('the hint of a command that fails leads to the reason', () => {
  test('of a wait for the agent', async () => {
    mac.configure({ perVm: { web: { agent: 'never' } } });
    const { code, stderr } = await mac.rusta(['up', 'web'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("'rusta doctor web'") });
    expect(await doctor(mac, ['web'])).toMatchObject({ code: 1, titles: ["The guest agent of VM 'web' does not answer"] });
  });

  test('of a wait for an address', async () => {
    plantLeases(mac, 253);
    mac.configure({ perVm: { web: { agent: 'never', ip: 'never' } } });
    await boot(mac, 'web');
    const { code, stderr } = await mac.rusta(['ip', 'web'], { env: { RUSTA_IP_TIMEOUT: '1' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("'rusta doctor web'") });
    const { titles } = await doctor(mac, ['web']);
    expect(titles).toEqual(['All addresses of 192.168.64.0 are given away', expect.stringContaining("VM 'web' has no address")]);
  });

  test('of a VM that does not start for a reason that rusta does not know', async () => {
    mac.configure({
      tartVersion: '2.36.0',
      perVm: { web: { bootError: 'bind(descriptor:ptr:bytes:): Address already in use (errno: 48)' } },
    });
    const { code, stderr } = await mac.rusta(['up', 'web']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("'rusta doctor web'") });
    expect(await doctor(mac, ['web'])).toMatchObject({ code: 1, titles: ['Tart 2.36.0 does not start a VM a second time'] });
  });
});

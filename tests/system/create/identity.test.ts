import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { hostNameOf, identityScript } from '../../../src/guest/identity.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { until } from '../../sandbox/system/fixture.ts';
import { cannotRun, inGuest, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';
import { plant } from './plant.ts';

setDefaultTimeout(TEST_MS);

/** Two VMs of one image, and one that Tart copied of the first: the steps build on one another. */
describe.skipIf(cannotRun())('each VM has an identity of its own', () => {
  let mac: Mac;
  const VMS = ['lab', 'Web_2', 'copy'] as const;
  beforeAll(async () => {
    mac = await systemMac();
    for (const vm of ['lab', 'Web_2']) {
      const { code, stderr } = await mac.rusta(['create', vm], { timeoutMs: TEST_MS });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect((await mac.run('tart', ['clone', 'lab', 'copy'])).code).toBe(0);
    // As images that cloud-init has set up.
    await plant(mac, 'copy', '/etc/cloud/cloud.cfg', 'preserve_hostname: false\n');
    await plant(mac, 'copy', '/etc/hosts', '127.0.0.1 localhost\n127.0.1.1\tlab.localdomain lab # of the image\n192.0.2.1 lab.example\n');
    for (const vm of VMS) await rustaOk(mac, 'up', vm);
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());

  const give = (vm: string) => mac.run('tart', ['exec', '-i', vm, 'sudo', 'bash', '-s'], { stdin: identityScript(vm), timeoutMs: STEP_MS });
  const IDENTIFIERS = `hostname
cat /etc/hostname /etc/machine-id
cut -d' ' -f2 /etc/ssh/ssh_host_ecdsa_key.pub /etc/ssh/ssh_host_ed25519_key.pub /etc/ssh/ssh_host_rsa_key.pub`;
  const identifiers = async (vm: string) => (await inGuest(mac, vm, IDENTIFIERS)).trim().split('\n');
  /** What somebody sees who connects. */
  const shownKeys = async (vm: string) => {
    const { stdout } = await mac.run('/usr/bin/ssh-keyscan', ['-T', '10', mac.vm(vm).address ?? '']);
    const keys = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return keys.map((line) => line.split(' ')[2] ?? '').sort();
  };

  test('create gives one, and a copy has that of its source until it gets its own', async () => {
    const [lab, web, copy] = [await identifiers('lab'), await identifiers('Web_2'), await identifiers('copy')];
    expect([lab[0], web[0]]).toEqual(['lab', 'web-2']);
    expect(lab.filter((value) => web.includes(value))).toEqual([]);
    expect(copy).toEqual(lab);
  });

  test('given through the agent, every identifier differs, and ssh works with the new keys', async () => {
    const before = await shownKeys('copy');
    const { code, stdout, stderr } = await give('copy');
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('This is copy now') });
    expect(stderr).not.toContain('unable to resolve');
    const all = await Promise.all(VMS.map(identifiers));
    for (const [index, vm] of VMS.entries()) expect(all[index]?.slice(0, 2)).toEqual([hostNameOf(vm), hostNameOf(vm)]);
    expect(new Set(all.flat()).size).toBe(all.flat().length - VMS.length);
    const now = await shownKeys('copy');
    expect(now).toHaveLength(3);
    expect(now.filter((key) => before.includes(key))).toEqual([]);
    expect(now).toEqual((await identifiers('copy')).slice(3).sort());
    // sudo looks its own host up, and would say so if it were not found.
    expect(await rustaOk(mac, 'ssh', 'copy', '--', 'sudo hostname; getent hosts copy')).toBe(
      'copy\n127.0.1.1       lab.localdomain copy\n',
    );
  });

  test('what else stood in its files stays', async () => {
    expect(await inGuest(mac, 'copy', 'cat /etc/hosts; find /etc/ssh -name "new*"; find / -xdev -name "*.new" -newer /etc/hostname')).toBe(
      '127.0.0.1 localhost\n127.0.1.1 lab.localdomain copy # of the image\n192.0.2.1 lab.example\n',
    );
  });

  test('given again, nothing changes', async () => {
    const state = () => inGuest(mac, 'copy', "find /etc /var/lib/rusta -xdev -type f -printf '%p %T@ %i %m\\n' | sort");
    const before = await state();
    expect(await give('copy')).toMatchObject({ code: 0, stdout: 'This VM has an identity of its own already\n', stderr: '' });
    expect(await state()).toBe(before);
  });

  test('cut off before its mark, it is given anew', async () => {
    await inGuest(mac, 'copy', 'rm /var/lib/rusta/identity /etc/ssh/ssh_host_rsa_key; mkdir /etc/ssh/new-host-keys.cutoff');
    const before: string[] = await identifiers('copy').catch(() => []);
    expect(await give('copy')).toMatchObject({ code: 0 });
    const after = await identifiers('copy');
    expect(after).toHaveLength(6);
    expect(after.slice(2).filter((value) => before.includes(value))).toEqual([]);
    expect(await inGuest(mac, 'copy', 'find /etc/ssh -name "new*"')).toBe('');
  });

  test('it survives a boot, cloud-init is told to leave it, and the journal of earlier boots is still found', async () => {
    const before = await identifiers('copy');
    await rustaOk(mac, 'down', 'copy');
    await rustaOk(mac, 'up', 'copy');
    expect(await identifiers('copy')).toEqual(before);
    expect(await inGuest(mac, 'copy', 'cat /etc/cloud/cloud.cfg.d/99-rusta-identity.cfg')).toBe(
      'preserve_hostname: true\nmanage_etc_hosts: false\nssh_deletekeys: false\n',
    );
    expect(await inGuest(mac, 'copy', 'journalctl --quiet --output=cat --boot=-2 --unit=ssh.service')).toContain('Started');
    expect(await inGuest(mac, 'copy', 'systemctl --failed --no-legend')).toBe('');
  });

  test.each(VMS)('the agent of %s comes back when it is killed, as often as it is killed', async (vm) => {
    const unit = 'tart-guest-agent.service';
    // More often than systemd allows by default.
    for (let time = 1; time <= 6; time += 1) {
      const restarted = `until [ "$(systemctl show -p NRestarts --value ${unit})" = ${time} ]; do sleep 0.1; done`;
      await inGuest(mac, vm, `systemctl kill --signal=KILL ${unit}; ${restarted}`);
      await until(async () => ((await mac.run('tart', ['exec', vm, 'true'])).code === 0 ? true : undefined), STEP_MS);
    }
  });
});

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { median } from '../../bench/measure.ts';
import { RUSTA } from '../../e2e/rusta.ts';
import { readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, inGuest, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';
import { clonedVm } from './plant.ts';
import { addWeight } from './weight.ts';

setDefaultTimeout(TEST_MS);
/**
 * What a copy that runs may take of what a VM of an image takes, whose packages need no download here. By the processor time
 * of the guest it is a quarter on any machine; by the clock only while nobody else is at work: what others do in between may meet the
 * copies alone.
 */
const SHARE = { processor: 1 / 4, clock: 1 / 2 };
/** The median of so many: how long an RSA key takes is a matter of luck. */
const COPIES = ['web', 'web-2', 'web-3', 'web-4', 'web-5'];
const IDENTIFIERS = `hostname
cat /etc/hostname /etc/machine-id
cut -d' ' -f2 /etc/ssh/ssh_host_ecdsa_key.pub /etc/ssh/ssh_host_ed25519_key.pub /etc/ssh/ssh_host_rsa_key.pub`;

/** A VM of an image, and copies of it: the steps build on one another. */
describe.skipIf(cannotRun())('a copy', () => {
  let mac: Mac;
  /** Milliseconds, by the clock and of the processor. */
  let create = { clock: Number.NaN, processor: Number.NaN };
  beforeAll(async () => {
    mac = await systemMac();
    // Its clone, which takes next to nothing here and minutes of a download on a Mac, is not counted.
    await clonedVm(mac, 'lab');
    await addWeight(mac, 'lab');
    const started = performance.now();
    const { code, stderr } = await mac.rusta(['create', 'lab', '--resume', '--up'], { timeoutMs: TEST_MS });
    const clock = performance.now() - started;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    create = { clock, processor: await processorTime('lab') };
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());

  const identifiers = async (vm: string) => (await inGuest(mac, vm, IDENTIFIERS)).trim().split('\n');

  /** What the guest has used since it was switched on. */
  async function processorTime(vm: string): Promise<number> {
    const { stdout } = await mac.run('tart', ['exec', vm, 'cat', '/sys/fs/cgroup/cpu.stat']);
    return Number(/^usage_usec (\d+)$/m.exec(stdout)?.[1]) / 1_000;
  }
  async function copyAndUp(vm: string): Promise<typeof create> {
    const started = performance.now();
    const created = await mac.run('/usr/bin/unshare', ['--net', RUSTA, 'create', vm, '--from', 'lab'], { timeoutMs: STEP_MS });
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(await rustaOk(mac, 'up', vm)).toContain(`[ok] VM '${vm}' is running\n`);
    const clock = performance.now() - started;
    return { clock, processor: await processorTime(vm) };
  }

  test('is made without any network, and runs in a quarter of the time that its source took, which had nothing to download', async () => {
    expect(mac.vm('lab').isRunning).toBe(true);
    expect(await inGuest(mac, 'lab', 'dpkg --status spice-webdavd')).toMatch(/^Version: .*\+weight$/m);
    await inGuest(mac, 'lab', 'echo mine > /srv/of-lab');
    await rustaOk(mac, 'down', 'lab');
    const copies: (typeof create)[] = [];
    for (const vm of COPIES) {
      copies.push(await copyAndUp(vm));
      if (vm !== 'web') await rustaOk(mac, 'delete', vm, '--yes', '--force-running');
    }
    for (const by of ['processor', 'clock'] as const) {
      const share = median(copies.map((copy) => copy[by])) / create[by];
      console.log(`a copy beside its source, by the ${by}: ${(share * 100).toFixed(0)} % of ${(create[by] / 1_000).toFixed(1)} s`);
      expect(share).toBeLessThan(SHARE[by]);
    }
  });

  test('has what is on the disk of its source, and no identifier in common with it', async () => {
    await rustaOk(mac, 'up', 'lab');
    expect(await rustaOk(mac, 'ssh', 'web', '--', 'cat /srv/of-lab; sudo hostname')).toBe('mine\nweb\n');
    const [lab, web] = [await identifiers('lab'), await identifiers('web')];
    expect([lab.slice(0, 2), web.slice(0, 2)]).toEqual([
      ['lab', 'lab'],
      ['web', 'web'],
    ]);
    expect(lab).toHaveLength(6);
    expect(lab.filter((value) => web.includes(value))).toEqual([]);
    expect(readState(mac)).not.toContain('pending');
  });

  test('has a script run in it as root, of any language, whose failure keeps it', async () => {
    await rustaOk(mac, 'down', 'lab');
    const create = (script: string, ...flags: string[]) =>
      mac.rusta(['create', 'set-up', ...flags, '--script', '-'], { stdin: script, timeoutMs: STEP_MS });
    const perl = (code: number) =>
      `#!/usr/bin/perl\nopen(my $file, '>', '/srv/made'); print $file getpwuid($<) . " at " . qx(hostname); exit ${code};\n`;
    const failed = await create(perl(3), '--from', 'lab');
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('Running your script: exit code 3') });
    expect(await create(perl(0), '--resume', '--up')).toMatchObject({ code: 0, stderr: '' });
    expect(await inGuest(mac, 'set-up', 'cat /srv/made; ls /var/lib/rusta')).toMatch(/^root at set-up\n(?!.*\bscript\b)/s);
  });

  test('keeps its identity through restarts', async () => {
    const before = await identifiers('web');
    await rustaOk(mac, 'restart', 'web');
    expect(await identifiers('web')).toEqual(before);
  });
});

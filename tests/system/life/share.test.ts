import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, inGuest, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';

setDefaultTimeout(TEST_MS);

/** Folders of the host that are mounted in earnest; by other means than a Mac's, under the same tags. */
describe.skipIf(cannotRun())('a folder of the Mac', () => {
  let mac: Mac;
  const folder = (name: string) => {
    mkdirSync(join(mac.home, name), { recursive: true });
    writeFileSync(join(mac.home, name, 'name'), `${name}\n`);
    // Whoever owns it: the user of the guest may write.
    chmodSync(join(mac.home, name), 0o777);
    return join(mac.home, name);
  };
  beforeAll(async () => {
    mac = await systemMac();
    await mac.addVm('lab');
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());

  test('is where it was asked for, and read-only where that was asked for', async () => {
    const [free, closed] = [folder('with a space: free'), folder('closed')];
    await rustaOk(mac, 'up', 'lab', '--share', `${free}:/srv/free`, '--share', `${closed}:ro`);
    expect(await inGuest(mac, 'lab', 'cat /srv/free/name /mnt/closed/name')).toBe('with a space: free\nclosed\n');
    await inGuest(
      mac,
      'lab',
      'sudo -u admin touch /srv/free/made; sudo touch /mnt/closed/made 2> /dev/null || true; rm -rf /mnt/closed/name 2> /dev/null || true',
    );
    expect([existsSync(join(free, 'made')), existsSync(join(closed, 'made')), existsSync(join(closed, 'name'))]).toEqual([
      true,
      false,
      true,
    ]);
    await rustaOk(mac, 'restart', 'lab');
    expect(await inGuest(mac, 'lab', 'ls -A /srv/free /mnt/closed')).toBe('/mnt/closed:\n\n/srv/free:\n');
    await rustaOk(mac, 'down', 'lab');
    expect(readFileSync(join(free, 'name'), 'utf8')).toBe('with a space: free\n');
  });

  test('that the user of the guest cannot write to is told', async () => {
    const mine = folder('mine');
    chmodSync(mine, 0o755);
    const { code, stderr } = await mac.rusta(['up', 'lab', '--share', mine], { timeoutMs: STEP_MS });
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('[warn] user admin cannot write to /mnt/mine, which belongs to another'),
    });
    await rustaOk(mac, 'down', 'lab');
  });

  test('is where run works, and keeps what the command makes', async () => {
    const work = folder('work');
    const args = ['run', '--from', 'lab', '--share', `${work}:/work`, '--', 'pwd; cat name; echo made > result'];
    const { code, stdout } = await mac.rusta(args, { timeoutMs: STEP_MS });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '/work\nwork\n' });
    expect(readFileSync(join(work, 'result'), 'utf8')).toBe('made\n');
  });
});

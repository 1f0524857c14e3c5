import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { ours } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, installedOf, rustaOk, systemMac, TEST_MS } from '../guest.ts';
import { raceFor } from '../locks.ts';
import { clonedVm, debianPackage, plant } from './plant.ts';

setDefaultTimeout(TEST_MS);
const PACKAGES = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git'];
const WAITING = 'Another package manager is at work, waiting until it has finished';

describe.skipIf(cannotRun())('provisioning beside others who are at work in the guest', () => {
  let mac: Mac;
  beforeEach(async () => {
    mac = await systemMac();
    await clonedVm(mac, 'lab');
  });
  afterEach(() => mac?.[Symbol.asyncDispose]());

  const log = () => {
    const path = ours(mac, 'provision/lab.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const resume = (...more: string[]) => mac.rusta(['create', 'lab', '--resume', ...more], { timeoutMs: TEST_MS });
  /** A service that begins before the guest agent does. */
  const atBoot = async (command: string) => {
    const unit = `[Unit]\nBefore=tart-guest-agent.service\n[Service]\nType=exec\nExecStart=${command}\n`;
    await plant(mac, 'lab', '/etc/systemd/system/plant.service', unit);
    await plant(mac, 'lab', '/etc/systemd/system/tart-guest-agent.service.d/plant.conf', '[Unit]\nWants=plant.service\n');
  };
  const checkWhole = async () => {
    await rustaOk(mac, 'up', 'lab');
    expect(await installedOf(mac, 'lab', PACKAGES)).toEqual(PACKAGES);
    expect(await rustaOk(mac, 'ssh', 'lab', '--', 'cat /var/log/provision.status; sudo dpkg --audit')).toBe('0\n');
  };

  test.each([
    ['the lists', 'update', '/var/lib/apt/lists/lock'],
    ['the archives', 'install', '/var/cache/apt/archives/lock'],
  ])('when the lock of %s is taken between the look and its use, then apt is run again', async (_, verb, path) => {
    await plant(mac, 'lab', '/usr/local/bin/apt-get', raceFor('/usr/bin/apt-get', verb, path), 0o755);
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    expect(log()).toMatch(/E: (Could not get|Unable to lock)/);
    expect(log()).toContain(WAITING);
    await checkWhole();
  });

  test("when debconf's database is taken between the look and its use, then the selection is made again", async () => {
    const real = '/usr/bin/debconf-set-selections';
    const race = raceFor(real, '/', '/var/cache/debconf/config.dat', 'bsd');
    await plant(mac, 'lab', '/usr/local/bin/debconf-set-selections', race, 0o755);
    expect(await resume('--gui', 'lightdm')).toMatchObject({ code: 0, stderr: '' });
    expect(log()).toContain('config.dat is locked by another process');
    await rustaOk(mac, 'up', 'lab');
    expect(
      await rustaOk(
        mac,
        'ssh',
        'lab',
        '--',
        'sudo debconf-get-selections 2> /dev/null || sudo grep -A2 default-x-display /var/cache/debconf/config.dat',
      ),
    ).toContain('lightdm');
  });

  test('when cloud-init is still writing the package sources, then it is waited for', async () => {
    await plant(mac, 'lab', '/etc/apt/sources.list.d/mirror.list', '');
    const fill = 'sleep 6; echo "deb [trusted=yes] file:/srv/mirror ./" > /etc/apt/sources.list.d/mirror.list; touch /run/cloud-init-done';
    await atBoot(`/bin/sh -c '${fill}'`);
    const cloudInit =
      '#!/bin/bash\n[ "$*" = "status --wait" ] || exit 1\nuntil [ -e /run/cloud-init-done ]; do sleep 0.2; done\necho "status: done"\n';
    await plant(mac, 'lab', '/usr/bin/cloud-init', cloudInit, 0o755);
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    await checkWhole();
  });

  test('when an installed package leaves a program behind that keeps the output open, then create ends all the same', async () => {
    const tool = '#!/bin/sh\nsleep 1000 &\nexec apt-get "$@"\n';
    await plant(mac, 'lab', '/usr/bin/apt-fast', tool, 0o755);
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    expect(log()).toEndWith('>>> Done\n');
    await checkWhole();
  });

  test('when the power went before the disk had all, then what may be empty files is installed anew', async () => {
    // What such a run leaves: the mark, a package that dpkg takes for whole, and files without content.
    const files = {
      'usr/bin/hollow': '#!/bin/sh\necho whole\n',
      'etc/hollow.conf': 'setting=1\n',
      'DEBIAN/conffiles': '/etc/hollow.conf\n',
    };
    await plant(mac, 'lab', '/srv/hollow/hollow.deb', await debianPackage('hollow', files));
    const index =
      'cd /srv/hollow; { dpkg-deb --field hollow.deb; echo "Filename: ./hollow.deb"; echo "Size: $(stat -c %s hollow.deb)"; echo "SHA256: $(sha256sum hollow.deb | cut -d" " -f1)"; echo; } > Packages';
    const script = `#!/bin/bash
set -e
${index}
echo 'deb [trusted=yes] file:/srv/hollow ./' > /etc/apt/sources.list.d/hollow.list
mkdir -p /var/lib/rusta
touch /var/lib/rusta/unsafe-io
sleep 1
dpkg --install /srv/hollow/hollow.deb
: > /usr/bin/hollow
: > /etc/hollow.conf
`;
    await plant(mac, 'lab', '/srv/hollow/prepare', script, 0o755);
    const unit =
      '[Unit]\nBefore=tart-guest-agent.service\nConditionPathExists=!/var/lib/dpkg/info/hollow.list\n[Service]\nType=oneshot\nExecStart=/srv/hollow/prepare\n';
    await plant(mac, 'lab', '/etc/systemd/system/plant.service', unit);
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/tart-guest-agent.service.d/plant.conf',
      '[Unit]\nWants=plant.service\nAfter=plant.service\n',
    );
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    await checkWhole();
    expect(await rustaOk(mac, 'ssh', 'lab', '--', 'hollow; cat /etc/hollow.conf; ls /var/lib/rusta')).toBe('whole\nsetting=1\nidentity\n');
  });

  test('under --verbose the script shows its commands', async () => {
    const { code, stdout } = await mac.rusta(['--verbose', 'create', 'lab', '--resume'], { timeoutMs: TEST_MS });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\+ systemctl stop unattended-upgrades\.service$/m);
    expect(log()).toContain('\n>>> Done\n');
  });

  describe('a repository of the image that is dead', () => {
    const add = (name: string, list: string) => plant(mac, 'lab', `/etc/apt/sources.list.d/${name}.list`, `${list}\n`);

    test.each([
      ['refuses connections', 'deb [trusted=yes] http://127.0.0.1:9/apt stable main', 'http://127.0.0.1:9/apt'],
      ['is not there any more', 'deb [trusted=yes] file:/srv/gone ./', 'file:/srv/gone'],
      ['nobody signed', 'deb file:/srv/unsigned ./', 'file:/srv/unsigned'],
    ])('when it %s and nothing is needed from it, then it is named in a warning', async (_, list, name) => {
      await plant(mac, 'lab', '/srv/unsigned/Packages', '');
      await plant(mac, 'lab', '/srv/unsigned/Release', 'Origin: nobody\n');
      await add('vendor', list);
      const { code, stderr } = await resume();
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: `[warn] the package repository ${name} of this image cannot be refreshed; nothing is needed from it\n`,
      });
      await checkWhole();
    });

    test('when the packages come from it, then create fails and says so', async () => {
      await plant(mac, 'lab', '/etc/apt/sources.list.d/mirror.list', 'deb [trusted=yes] http://127.0.0.1:9/ubuntu ./\n');
      const { code, stderr } = await resume();
      expect(code).toBe(1);
      expect(stderr).toContain(
        "provisioning VM 'lab' failed in step 5 of 8, Refreshing the package lists: the guest cannot reach 127.0.0.1\n",
      );
    });
  });
});

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { RUSTA } from '../../e2e/rusta.ts';
import { ours, readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { processesOf, signal } from '../../sandbox/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { cannotRun, installedOf, rustaOk, STEP_MS, systemMac, TEST_MS } from '../guest.ts';
import { clonedVm, debianPackage, inside, plant, unplant } from './plant.ts';

setDefaultTimeout(TEST_MS);
const PACKAGES = ['spice-vdagent', 'spice-webdavd', 'curl', 'wget', 'git'];

describe.skipIf(cannotRun())('the provisioning script on a guest with real packages', () => {
  let mac: Mac;
  beforeEach(async () => {
    mac = await systemMac();
  });
  afterEach(() => mac?.[Symbol.asyncDispose]());

  const log = () => {
    const path = ours(mac, 'provision/lab.log');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const logSays = (text: string) => waitUntil(`'${text}' in the provisioning log`, () => log().includes(text), STEP_MS, log);
  const inGuest = (command: string) => rustaOk(mac, 'ssh', 'lab', '--', command);
  const resume = () => mac.rusta(['create', 'lab', '--resume'], { timeoutMs: TEST_MS });

  async function checkWhole(): Promise<void> {
    expect((readState(mac) ?? '').trim()).toBe('[vms.lab]\ngui = false');
    await rustaOk(mac, 'up', 'lab');
    expect(await installedOf(mac, 'lab', PACKAGES)).toEqual(PACKAGES);
    expect(await inGuest('cat /var/log/provision.status')).toBe('0\n');
    expect(await inGuest('sudo dpkg --audit')).toBe('');
    // Without the mark of an installation whose files are not on the disk yet.
    expect(await inGuest('ls /var/lib/rusta')).toBe('identity\n');
  }

  test('a server is provisioned to the end, and what it printed is kept in the guest and on the host (spec 10, item 4)', async () => {
    await rustaOk(mac, 'create', 'lab');
    await checkWhole();
    // Some programs end their lines for a terminal.
    expect((await inGuest('cat /var/log/provision.log')).replaceAll('\r', '')).toBe(log().replaceAll('\r', ''));
    expect(await inGuest('command -v git curl wget')).toBe('/usr/bin/git\n/usr/bin/curl\n/usr/bin/wget\n');
    expect(await inGuest('systemctl get-default')).toBe('graphical.target\n'); // Debian's own default, not ours
    expect(await inGuest('ls /etc/NetworkManager 2>&1 || true')).toContain('No such file');
  });

  test('run a second time it succeeds and changes nothing', async () => {
    await rustaOk(mac, 'create', 'lab', '--gui', 'xubuntu-desktop');
    await rustaOk(mac, 'up', 'lab');
    const everything =
      "sudo find /etc /usr /opt /srv /home /root -xdev \\( -type f -o -type l \\) -printf '%p %T@ %s %m %u %l\\n' | sort; dpkg -l";
    const state = () => inGuest(everything);
    const before = await state();
    const script = readFileSync(ours(mac, 'provision/lab.sh'));
    const second = await mac.rusta(['ssh', 'lab', '--', 'cat > again.sh && sudo bash again.sh; code=$?; rm again.sh; exit $code'], {
      stdin: script,
      timeoutMs: STEP_MS,
    });
    expect({ code: second.code, last: second.stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 0, last: '>>> Done' });
    expect(second.stdout).toContain('0 upgraded, 0 newly installed, 0 to remove');
    expect(differences(before, await state())).toEqual([]);
  });

  describe('the PPA of apt-fast is best effort', () => {
    const PPA = '/usr/bin/add-apt-repository';
    const AWAY = 'apt-fast is not available, going on with apt-get';

    test.each([
      ['refuses', 'echo "E: PPA not found"; exit 1'],
      // A list that points nowhere: every later update would fail.
      [
        'cannot be reached',
        'echo "deb [trusted=yes] http://127.0.0.1:9/apt-fast noble main" > /etc/apt/sources.list.d/apt-fast-ubuntu-stable-noble.list',
      ],
      ['hangs and does not take TERM', 'trap "" TERM; while :; do sleep 1; done'],
    ])('one that %s', async (_, body) => {
      await clonedVm(mac, 'lab');
      await plant(mac, 'lab', PPA, `#!/bin/bash\n${body}\n`, 0o755);
      const { code, stderr } = await resume();
      // A step that is silent for long says so; nothing else may be said.
      const said = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('... still at it'));
      expect({ code, said }).toEqual({ code: 0, said: [] });
      expect(log()).toContain(AWAY);
      await checkWhole();
      expect(await inGuest('ls /etc/apt/sources.list.d')).toBe('mirror.list\n');
      expect(await inGuest('sudo apt-get update > /dev/null && echo fine')).toBe('fine\n');
    });

    test('where it is there, its apt-fast installs', async () => {
      await clonedVm(mac, 'lab');
      const tool = '#!/bin/sh\necho "apt-fast $*" >> /var/log/apt-fast.calls\nexec apt-get "$@"\n';
      await plant(mac, 'lab', '/srv/ppa/apt-fast.deb', await debianPackage('apt-fast', { 'usr/bin/apt-fast': tool }));
      const index =
        'cd /srv/ppa; { dpkg-deb --field apt-fast.deb; echo "Filename: ./apt-fast.deb"; echo "Size: $(stat -c %s apt-fast.deb)"; echo "SHA256: $(sha256sum apt-fast.deb | cut -d" " -f1)"; echo; } > Packages';
      const add = `#!/bin/bash\nset -e\necho "$*" > /var/log/ppa.calls\n${index}\necho "deb [trusted=yes] file:/srv/ppa ./" > /etc/apt/sources.list.d/apt-fast.list\n`;
      await plant(mac, 'lab', PPA, add, 0o755);
      expect(await resume()).toMatchObject({ code: 0, stderr: '' });
      expect(log()).not.toContain(AWAY);
      await checkWhole();
      expect(await inGuest('cat /var/log/ppa.calls')).toBe('-y -n ppa:apt-fast/stable\n');
      expect(await inGuest('cat /var/log/apt-fast.calls')).toMatch(/ install spice-vdagent spice-webdavd curl wget git$/m);
    });
  });

  test('another package manager at work is waited for', async () => {
    await clonedVm(mac, 'lab');
    await plant(mac, 'lab', '/root/slow.deb', await debianPackage('slow', {}, 'sleep 8'));
    const unit =
      '[Unit]\nBefore=tart-guest-agent.service\nConditionPathExists=!/var/lib/dpkg/info/slow.list\n[Service]\nType=exec\nExecStart=/usr/bin/dpkg --install /root/slow.deb\n';
    await plant(mac, 'lab', '/etc/systemd/system/slow.service', unit);
    await plant(mac, 'lab', '/etc/systemd/system/tart-guest-agent.service.d/slow.conf', '[Unit]\nWants=slow.service\n');
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    expect(log()).toContain('Another package manager is at work, waiting until it has finished');
    await checkWhole();
    expect(await installedOf(mac, 'lab', ['slow'])).toEqual(['slow']);
  });

  test('a failing apt is named with its step and its last lines; with the cause gone, --resume succeeds', async () => {
    await clonedVm(mac, 'lab');
    const list = '/etc/apt/sources.list.d/mirror.list';
    await plant(mac, 'lab', list, 'deb [trusted=yes] file:/srv/nowhere ./\n');
    const failed = await resume();
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("provisioning VM 'lab' failed in step 5 of 8, Refreshing the package lists: exit code 100");
    expect(failed.stderr).toMatch(/^ {2}\| E: .*\/srv\/nowhere/m);
    expect(failed.stderr).toMatch(/^ {2}\| >>> Failed at line \d+: refresh_lists \(exit 100\)$/m);
    expect(failed.stderr).toContain("Go on with 'rusta create lab --resume'");
    expect(mac.vm('lab').isRunning).toBe(false);
    expect(processesOf(mac.root)).toEqual([]);
    await unplant(mac, 'lab', list);
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    await checkWhole();
  });

  test('when a package fails to install, then all that was unpacked is on the disk; mended, --resume succeeds', async () => {
    await clonedVm(mac, 'lab');
    await plant(mac, 'lab', '/root/broken.deb', await debianPackage('broken', {}, 'test -e /srv/mended'));
    const unit =
      '[Unit]\nBefore=tart-guest-agent.service\nConditionPathExists=!/var/lib/dpkg/info/broken.list\n[Service]\nType=oneshot\nExecStart=/usr/bin/dpkg --install /root/broken.deb\n';
    await plant(mac, 'lab', '/etc/systemd/system/broken.service', unit);
    await plant(mac, 'lab', '/etc/systemd/system/tart-guest-agent.service.d/broken.conf', '[Unit]\nWants=broken.service\n');
    const failed = await resume();
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('failed in step 7 of 8') });
    expect(log()).toContain('Unpacking git');
    expect(existsSync(inside(mac, 'lab', '/var/lib/rusta/identity'))).toBe(true);
    expect(existsSync(inside(mac, 'lab', '/var/lib/rusta/unsafe-io'))).toBe(false);
    await plant(mac, 'lab', '/srv/mended', '');
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    await checkWhole();
  });

  const killScript = () => mac.run('tart', ['exec', 'lab', 'sudo', 'pkill', '-KILL', '-f', '^bash /tmp/provision.sh']);
  test.each([
    ['shut down', () => mac.vm('lab').powerOff()],
    ['cut off its power', async () => void signal(mac.vm('lab').runPid, 'SIGKILL')],
    ['robbed of its script by kill -9', async () => void (await killScript())],
  ])('a guest that is %s in the middle is noticed, and --resume finishes it', async (_, off) => {
    const create = mac.start(RUSTA, ['create', 'lab']);
    await logSays('Unpacking spice-vdagent');
    await off();
    const { code, stderr } = await create.exited;
    expect(code).toBe(1);
    expect(stderr).toMatch(/provisioning VM 'lab' failed in step 7 of 8, Installing .*: (the guest went away|exit code)/);
    expect(stderr).toContain("VM 'lab' is stopped and was kept, with all that was done so far. Go on with 'rusta create lab --resume'");
    expect(mac.vm('lab')).toMatchObject({ exists: true, isRunning: false });
    expect(await resume()).toMatchObject({ code: 0, stderr: '' });
    await checkWhole();
  });
});

function differences(before: string, after: string): string[] {
  const [old, now] = [before, after].map((text) => new Set(text.split('\n')));
  const missing = [...(old ?? [])].filter((line) => !now?.has(line)).map((line) => `- ${line}`);
  return [...missing, ...[...(now ?? [])].filter((line) => !old?.has(line)).map((line) => `+ ${line}`)];
}

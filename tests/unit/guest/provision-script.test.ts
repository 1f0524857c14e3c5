import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { DESKTOPS, findDesktop } from '../../../src/guest/provisioning/desktops.ts';
import { parseStep, parseWarning, provisionScript } from '../../../src/guest/provisioning/provision-script.ts';

const PLAIN = { vm: 'lab', isCopy: false, script: false };
const server = provisionScript({ ...PLAIN, vm: 'Lab_1', desktop: undefined, user: 'admin' });
const desktop = (name: string, user = 'admin') => provisionScript({ ...PLAIN, desktop: findDesktop(name), user });

describe.each(
  [undefined, ...DESKTOPS].flatMap((chosen) => ['admin', 'some_user-1'].map((user) => [chosen?.name ?? 'server', user] as const)),
)('the script for %s and user %s', (name, user) => {
  const script = desktop(name, user);
  test('is bash', () => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
  test('announces every step, numbered, in order', () => {
    const steps = [...script.matchAll(/^echo '(>>> \[.*)'$/gm)].map(([, line]) => parseStep(line ?? ''));
    expect(steps).toHaveLength(name === 'server' ? 8 : 13);
    expect(steps.map((step) => step?.n)).toEqual(steps.map((_, index) => index + 1));
    expect(new Set(steps.map((step) => step?.of))).toEqual(new Set([steps.length]));
  });
});

describe.skipIf(Bun.which('shellcheck') === null)('shellcheck', () => {
  // Desktops differ in their names alone.
  test.each([
    ['server', server] as const,
    ['desktop', desktop('ubuntu-desktop')] as const,
    ['server and a script of the user’s', provisionScript({ ...PLAIN, desktop: undefined, user: 'admin', script: true })] as const,
  ])(
    'has nothing to say about the script for a %s',
    (_, script) => {
      expect(spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
    },
    60_000,
  );
});

/** Where each part stands, in the order of the script. */
function inOrder(script: string, parts: readonly string[]): void {
  const places = parts.map((part) => script.indexOf(part));
  expect(parts.filter((_, index) => places[index] === -1)).toEqual([]);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}

const SERVER = [
  'exec 3>> "$LOG_FILE"',
  'export DEBIAN_FRONTEND=noninteractive',
  'export DEBCONF_NONINTERACTIVE_SEEN=true',
  'export NEEDRESTART_MODE=l',
  'export LC_ALL=C.UTF-8',
  'export LANG=C.UTF-8',
  'guard_apt_get\n\n',
  '] Setting the clock',
  'systemctl stop',
  'cloud-init status --wait',
  '\ngive_identity &',
  'for entry in',
  'add-apt-repository -y -n "$APT_FAST_PPA"',
  '\nrefresh_lists\n',
  'install apt-fast',
  '] Installing spice-vdagent',
  'spice-vdagent.socket spice-vdagent.service',
];
const VALUES = [
  'LOG_FILE=/var/log/provision.log',
  'PACKAGES=(spice-vdagent spice-webdavd curl wget git)',
  'BACKGROUND_UNITS=(unattended-upgrades.service apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service)',
  "'24.04 /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_noble-updates_main_binary-arm64_Packages'",
  "'24.04 /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_noble-security_main_binary-arm64_Packages'",
  "'26.04 /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_resolute-updates_main_binary-arm64_Packages'",
  'APT_FAST_PPA=ppa:apt-fast/stable',
];

test('spec 5 in its order', () => {
  for (const value of VALUES) expect(server).toContain(value);
  inOrder(server, SERVER);
});

test('a server has nothing of a desktop', () => {
  expect(server).not.toMatch(/NetworkManager|graphical|gnome|lightdm|gdm3|sddm/);
});

test.each([
  ['ubuntu-desktop', 'gdm3', 'ubuntu-desktop gdm3'],
  ['xubuntu-desktop', 'lightdm', 'xubuntu-desktop lightdm'],
  ['lubuntu-desktop', 'sddm', 'lubuntu-desktop sddm'],
  ['lightdm', 'lightdm', 'lightdm'],
])('--gui %s installs %s with the NetworkManager workaround, after all of the server (spec 10, item 6)', (name, manager, packages) => {
  inOrder(desktop(name), [
    'NETWORK_FILE=/etc/NetworkManager/conf.d/10-manage-all.conf',
    `DESKTOP_PACKAGES=(${packages})`,
    `DISPLAY_MANAGER=${manager}\n`,
    'LOGIN_USER=admin\n',
  ]);
  inOrder(desktop(name), [
    ...SERVER,
    'unmanaged-devices=none',
    '\nstop_downloads\ninstall_packages',
    'systemctl restart NetworkManager.service',
    'systemctl disable systemd-networkd-wait-online.service',
    'systemctl set-default graphical.target',
    'systemctl enable --force "$DISPLAY_MANAGER.service"',
    'getent passwd "$LOGIN_USER"',
    '.config/gnome-initial-setup-done',
  ]);
});

test('only announcements are steps', () => {
  expect(parseStep('>>> [3/8] Refreshing the package lists')).toEqual({ n: 3, of: 8, title: 'Refreshing the package lists' });
  expect(parseStep('>>> Done')).toBeUndefined();
  expect(parseStep('Get:1 >>> [3/8] x')).toBeUndefined();
});

test('only warnings of ours are warnings', () => {
  expect(parseWarning('>>> Warning: the clock of the guest is wrong')).toBe('the clock of the guest is wrong');
  expect(parseWarning('W: Some index files failed to download')).toBeUndefined();
  expect(parseWarning('echo >>> Warning: x')).toBeUndefined();
});

test('the name of the VM becomes a hostname', () => {
  expect(provisionScript({ ...PLAIN, vm: 'Lab_2.x', desktop: undefined, user: 'admin' })).toContain('readonly HOST_NAME=lab-2-x\n');
});

describe('a script of the user’s', () => {
  const numbered = (isCopy: boolean, script: boolean) => {
    const text = provisionScript({ ...PLAIN, desktop: undefined, user: 'admin', isCopy, script });
    return [...text.matchAll(/^echo '>>> \[(.*)'$/gm)].map(([, line]) => line);
  };
  test('is the last step of a new VM', () => {
    expect(numbered(false, true).at(-1)).toBe('9/9] Running your script');
    expect(numbered(false, false)).toHaveLength(8);
  });
  test('is all that is done to a copy, once the guest is at rest', () => {
    expect(numbered(true, true)).toEqual([
      '1/3] Stopping background updates',
      '2/3] Waiting for cloud-init and other package managers',
      '3/3] Running your script',
    ]);
  });
});

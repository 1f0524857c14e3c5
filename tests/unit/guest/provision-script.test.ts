import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { DESKTOPS, findDesktop } from '../../../src/guest/desktops.ts';
import { explainProvisioning } from '../../../src/guest/provision-errors.ts';
import { parseStep, provisionScript } from '../../../src/guest/provision-script.ts';

const server = provisionScript({ desktop: undefined, user: 'admin' });
const desktop = (name: string, user = 'admin') => provisionScript({ desktop: findDesktop(name), user });

describe.each(
  [undefined, ...DESKTOPS].flatMap((chosen) => ['admin', 'some_user-1'].map((user) => [chosen?.name ?? 'server', user] as const)),
)('the script for %s and user %s', (name, user) => {
  const script = desktop(name, user);
  test('is bash', () => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
  test.skipIf(Bun.which('shellcheck') === null)('passes shellcheck', () => {
    expect(spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });
  test('announces every step, numbered, in order', () => {
    const steps = [...script.matchAll(/^echo '(>>> \[.*)'$/gm)].map(([, line]) => parseStep(line ?? ''));
    expect(steps).toHaveLength(name === 'server' ? 6 : 11);
    expect(steps.map((step) => step?.n)).toEqual(steps.map((_, index) => index + 1));
    expect(new Set(steps.map((step) => step?.of))).toEqual(new Set([steps.length]));
  });
});

/** Where each part stands, in the order of the script. */
function inOrder(script: string, parts: readonly string[]): void {
  const places = parts.map((part) => script.indexOf(part));
  expect(parts.filter((_, index) => places[index] === -1)).toEqual([]);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
}

const SERVER = [
  '/var/log/provision.log',
  'export DEBIAN_FRONTEND=noninteractive',
  'export DEBCONF_NONINTERACTIVE_SEEN=true',
  'export NEEDRESTART_MODE=l',
  'export LC_ALL=C.UTF-8',
  'export LANG=C.UTF-8',
  'systemctl stop',
  'wait_for_apt_locks\n',
  'for entry in',
  'update\n',
  'add-apt-repository -y -n "$APT_FAST_PPA"',
  'Installing spice-vdagent',
  'spice-vdagent.socket spice-vdagent.service',
];
const VALUES = [
  'PACKAGES=(spice-vdagent spice-webdavd curl wget git)',
  'BACKGROUND_UNITS=(unattended-upgrades.service apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service)',
  "'24.04 /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_noble-updates_main_binary-arm64_Packages'",
  "'24.04 /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_noble-security_main_binary-arm64_Packages'",
  "'26.04 /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_resolute-updates_main_binary-arm64_Packages'",
  'APT_FAST_PPA=ppa:apt-fast/stable',
];

test('spec 5 in its order', () => {
  inOrder(server, VALUES);
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
])('6: --gui %s installs %s with the NetworkManager workaround, after all of the server', (name, manager, packages) => {
  inOrder(desktop(name), [
    ...VALUES,
    'NETWORK_FILE=/etc/NetworkManager/conf.d/10-manage-all.conf',
    `DESKTOP_PACKAGES=(${packages})`,
    `DISPLAY_MANAGER=${manager}\n`,
    'LOGIN_USER=admin\n',
  ]);
  inOrder(desktop(name), [
    ...SERVER,
    'unmanaged-devices=none',
    'debconf-set-selections\nfi\ninstall_packages',
    'systemctl restart NetworkManager.service',
    'systemctl disable systemd-networkd-wait-online.service',
    'systemctl set-default graphical.target',
    'systemctl enable --force "$DISPLAY_MANAGER.service"',
    'getent passwd "$LOGIN_USER"',
    '.config/gnome-initial-setup-done',
  ]);
});

test('only announcements are steps', () => {
  expect(parseStep('>>> [2/6] Refreshing the package lists')).toEqual({ n: 2, of: 6, title: 'Refreshing the package lists' });
  expect(parseStep('>>> Done')).toBeUndefined();
  expect(parseStep('Get:1 >>> [2/6] x')).toBeUndefined();
});

test.each([
  [
    'Err:1 http://ports.ubuntu.com noble InRelease\n  Temporary failure resolving ‘ports.ubuntu.com’',
    'the guest cannot reach its package mirror',
  ],
  ['dpkg: error processing archive: cannot copy: No space left on device', "the guest's disk is full"],
  ["E: You don't have enough free space in /var/cache/apt/archives/.", "the guest's disk is full"],
  ['E: Unable to locate package spice-webdavd', 'this release lacks one of the packages'],
  ['E: Failed to fetch x  File has unexpected size (1 != 2). Mirror sync in progress?', 'the package mirror is being updated'],
])('what apt says is put in plain words: %s', (line, message) => {
  expect(explainProvisioning(line)?.message).toBe(message);
});

test('unknown words are not explained', () => {
  expect(explainProvisioning('E: Sub-process /usr/bin/dpkg returned an error code (1)')).toBeUndefined();
});

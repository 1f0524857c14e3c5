import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { parseStep, provisionScript } from '../../../src/guest/provision-script.ts';

const script = provisionScript();

describe('the script', () => {
  test('is bash', () => {
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });
  test.skipIf(Bun.which('shellcheck') === null)('passes shellcheck', () => {
    expect(spawnSync('shellcheck', ['-'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });
  test.each([
    'export DEBIAN_FRONTEND=noninteractive',
    'export DEBCONF_NONINTERACTIVE_SEEN=true',
    'export NEEDRESTART_MODE=l',
    'export LC_ALL=C.UTF-8',
    'export LANG=C.UTF-8',
    '/var/log/provision.log',
    'unattended-upgrades.service apt-daily.timer apt-daily-upgrade.timer',
    'ppa:apt-fast/stable',
    'install_packages spice-vdagent spice-webdavd curl wget git',
    'spice-vdagent.socket spice-vdagent.service',
    '24.04) rm -f /var/lib/apt/lists/ports.ubuntu.com_ubuntu-ports_dists_noble-updates_main_binary-arm64_Packages',
    'ports.ubuntu.com_ubuntu-ports_dists_resolute-security_main_binary-arm64_Packages',
  ])('does what spec 5 asks: %s', (part) => {
    expect(script).toContain(part);
  });
  test('announces every step, numbered, in order', () => {
    const steps = [...script.matchAll(/^echo '(>>> \[.*)'$/gm)].map(([, line]) => parseStep(line ?? ''));
    expect(steps.length).toBeGreaterThan(4);
    expect(steps.map((step) => step?.n)).toEqual(steps.map((_, index) => index + 1));
    expect(new Set(steps.map((step) => step?.of))).toEqual(new Set([steps.length]));
  });
});

test('only announcements are steps', () => {
  expect(parseStep('>>> [2/6] Refreshing the package lists')).toEqual({ n: 2, of: 6, title: 'Refreshing the package lists' });
  expect(parseStep('>>> Done')).toBeUndefined();
  expect(parseStep('Get:1 >>> [2/6] x')).toBeUndefined();
});

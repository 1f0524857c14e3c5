import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { DESKTOPS } from '../../../src/guest/provisioning/desktops.ts';
import { commands, ours, readState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { cannotRun, installedOf, rustaOk, systemMac, TEST_MS } from '../guest.ts';
import { clonedVm, hide, plant } from './plant.ts';

setDefaultTimeout(TEST_MS);
const WAIT_ONLINE = 'systemd-networkd-wait-online.service';

describe.skipIf(cannotRun())('a desktop on a guest whose services really start', () => {
  let mac: Mac;
  beforeEach(async () => {
    mac = await systemMac();
  });
  afterEach(() => mac?.[Symbol.asyncDispose]());

  const inGuest = (command: string) => rustaOk(mac, 'ssh', 'lab', '--', command);

  /** A guest as an Ubuntu server image is: networkd is waited for at boot, and there is no window. */
  async function serverImage(): Promise<void> {
    await clonedVm(mac, 'lab');
    await hide(mac, 'lab', `/etc/systemd/system/${WAIT_ONLINE}`);
    await plant(mac, 'lab', `/etc/systemd/system-preset/00-test.preset`, 'disable *\n');
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/plant.service',
      `[Service]\nType=oneshot\nExecStart=/bin/systemctl --quiet enable ${WAIT_ONLINE}\nExecStart=/bin/systemctl --quiet set-default multi-user.target\n`,
    );
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/tart-guest-agent.service.d/plant.conf',
      '[Unit]\nWants=plant.service\nAfter=plant.service\n',
    );
  }

  test.each(DESKTOPS.map(({ name, displayManager }) => [name, displayManager] as const))('6, 13: --gui %s', async (name, manager) => {
    await serverImage();
    await rustaOk(mac, 'create', 'lab', '--resume', '--gui', name);
    expect(readState(mac)).toBe(`[vms.lab]\ngui = true\nflags = [ "--gui", "${name}" ]\n`);
    // The next boot must show what the script did, not what was planted.
    await plant(mac, 'lab', '/etc/systemd/system/plant.service', '[Service]\nType=oneshot\nExecStart=/bin/true\n');
    await rustaOk(mac, 'up', 'lab');
    expect(
      commands(mac, 'tart')
        .filter((line) => line.startsWith('run'))
        .at(-1),
    ).toBe('run lab');

    const packages = [...new Set([name, manager])];
    expect(await installedOf(mac, 'lab', packages)).toEqual(packages);
    expect(await inGuest('cat /etc/NetworkManager/conf.d/10-manage-all.conf')).toBe('[keyfile]\nunmanaged-devices=none\n');
    expect(await inGuest(`systemctl is-enabled ${WAIT_ONLINE} || true`)).toBe('disabled\n');
    expect(await inGuest('systemctl get-default')).toBe('graphical.target\n');
    expect(await inGuest('basename "$(readlink -f /etc/systemd/system/display-manager.service)"')).toBe(`${manager}.service\n`);
    expect(await inGuest(`systemctl is-active graphical.target ${manager}.service`)).toBe('active\nactive\n');
    expect(await inGuest("stat -c '%U:%G %s' ~/.config ~/.config/gnome-initial-setup-done | cut -d' ' -f1")).toBe(
      'admin:admin\nadmin:admin\n',
    );
    const network = await inGuest('sudo journalctl --boot=-1 --output=cat --unit=NetworkManager.service');
    if (name === 'lightdm') expect(network).not.toContain('Started');
    else expect(network).toContain('Started NetworkManager.service');
  });

  test('a display manager that is another unit under a second name, as gdm3 is, gets its link', async () => {
    await serverImage();
    // Debian's gdm3: no [Install], and the name of the package is a link.
    await plant(mac, 'lab', '/usr/lib/systemd/system/real-gdm.service', '[Service]\nExecStart=/bin/sleep infinity\n');
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/tart-guest-agent.service.d/gdm.conf',
      '[Service]\nExecStartPre=+/bin/sh -c "ln -sf real-gdm.service /usr/lib/systemd/system/gdm3.service"\n',
    );
    await plant(mac, 'lab', '/etc/dpkg/dpkg.cfg.d/keep', 'path-exclude=/lib/systemd/system/gdm3.service\n');
    await rustaOk(mac, 'create', 'lab', '--resume', '--gui');
    await plant(mac, 'lab', '/etc/systemd/system/plant.service', '[Service]\nType=oneshot\nExecStart=/bin/true\n');
    await rustaOk(mac, 'up', 'lab');
    expect(await inGuest('basename "$(readlink -f /etc/systemd/system/display-manager.service)"')).toBe('real-gdm.service\n');
    expect(await inGuest('systemctl is-active real-gdm.service')).toBe('active\n');
  });

  test('another user of the image: the wizard is skipped in its home folder, wherever that is', async () => {
    await clonedVm(mac, 'lab');
    const add = 'id bob 2>/dev/null || useradd --create-home --home-dir /srv/people/bob bob';
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/plant.service',
      `[Service]\nType=oneshot\nExecStart=/bin/sh -c "mkdir -p /srv/people; ${add}"\n`,
    );
    await plant(
      mac,
      'lab',
      '/etc/systemd/system/tart-guest-agent.service.d/plant.conf',
      '[Unit]\nWants=plant.service\nAfter=plant.service\n',
    );
    await rustaOk(mac, 'create', 'lab', '--resume', '--gui', 'lightdm', '--user', 'bob');
    expect(readFileSync(ours(mac, 'provision/lab.sh'), 'utf8')).toContain('readonly LOGIN_USER=bob\n');
    await rustaOk(mac, 'up', 'lab');
    const look = "sudo stat -c '%U %n' /srv/people/bob/.config/gnome-initial-setup-done";
    expect(await rustaOk(mac, 'ssh', 'lab', '--user', 'admin', '--', look)).toBe('bob /srv/people/bob/.config/gnome-initial-setup-done\n');
  });
});

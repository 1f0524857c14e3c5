import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ours, writeState } from '../state.ts';
import { addressOf, boot, forDocker, reboot } from './life.ts';
import { type Broken, plantAddress, plantAlias, plantContext, plantHostKey, plantInGuest, plantSshName, write } from './world.ts';

/** The same of guests that run, and of the names that lead to them. */
export const BROKEN_GUESTS: readonly Broken[] = [
  {
    what: 'a guest without agent',
    spoil: (mac) => reboot(mac, 'lab', { perVm: { lab: { agent: 'never' } } }),
    title: "The guest agent of VM 'lab' does not answer",
    command: 'rusta ssh lab -- sudo systemctl restart tart-guest-agent',
  },
  {
    what: 'a guest of which nothing is heard',
    spoil: async (mac) => {
      mac.configure({ perVm: { web: { agent: 'never', ip: 'never' } } });
      await boot(mac, 'web');
    },
    title: "VM 'web' has no address, and its guest agent does not answer",
    command: 'rusta down web --force && rusta up web --graphical',
  },
  {
    what: 'a clock that stood still',
    spoil: (mac) => plantInGuest(mac, 'lab', 'date', `echo ${Math.floor(Date.now() / 1_000) - 7_200}`),
    title: /^The clock of VM 'lab' is 72\d\d s behind$/,
    command: 'tart exec lab sudo date -u -s @$(date +%s)',
  },
  {
    what: 'a clock that runs ahead',
    spoil: (mac) => plantInGuest(mac, 'lab', 'date', `echo ${Math.floor(Date.now() / 1_000) + 7_200}`),
    title: /^The clock of VM 'lab' is 7[12]\d\d s ahead$/,
    command: 'tart exec lab sudo date -u -s @$(date +%s)',
  },
  {
    what: 'two VMs with one machine-id, and one hostname for that',
    spoil: async (mac) => {
      for (const vm of ['lab', 'web']) {
        writeFileSync(join(mac.vm(vm).guest, 'etc/machine-id'), `${'5'.repeat(32)}\n`);
        writeFileSync(join(mac.vm(vm).guest, 'etc/hostname'), 'ubuntu\n');
      }
      await boot(mac, 'web');
    },
    title: "VM 'web' has the machine-id of VM 'lab'",
    command: "tart exec web sudo sh -c 'rm -f /etc/machine-id /var/lib/dbus/machine-id && systemd-machine-id-setup'",
  },
  {
    what: 'two VMs with one hostname',
    spoil: async (mac) => {
      writeFileSync(join(mac.vm('web').guest, 'etc/hostname'), 'ubuntu\n');
      await boot(mac, 'web');
    },
    title: "VM 'web' has the hostname of VM 'lab': ubuntu",
    command: 'tart exec web sudo hostnamectl set-hostname web',
  },
  {
    what: 'an address that the guest does not have',
    spoil: (mac) => plantAddress(mac, 'lab', '192.168.64.9'),
    title: /^Tart's address of VM 'lab', [\d.]+, is not the guest's, which has 192\.168\.64\.9$/,
    command: 'rusta down lab && rusta up lab',
  },
  {
    what: 'an alias that drifted',
    spoil: (mac) => plantAlias(mac, 'lab', '192.168.64.77'),
    title: /^The SSH alias docker-lab leads to 192\.168\.64\.77, but VM lab has [\d.]+$/,
    command: 'rusta up lab',
  },
  {
    what: 'an alias that leads to another VM',
    spoil: (mac) => plantAlias(mac, 'web', addressOf(mac)),
    title: /^The SSH alias docker-web of VM web leads to VM lab \([\d.]+\)$/,
    command: 'rusta up web',
  },
  {
    what: 'no alias where there should be one',
    spoil: async (mac) => {
      forDocker(mac, 'web');
      await plantContext(mac, 'web', 'ssh://admin@docker-web');
    },
    title: "VM 'web' is set up for Docker, but ~/.ssh/config has no alias docker-web",
    command: 'rusta docker-setup web',
  },
  {
    what: 'no alias of ssh-setup where there should be one',
    spoil: (mac) => writeState(mac, '[vms.web]\nssh = true\n'),
    title: "VM 'web' is set up for ssh, but ~/.ssh/config has no alias rusta-web",
    command: 'rusta ssh-setup web',
  },
  {
    what: 'an alias of ssh-setup whose rusta was moved',
    spoil: (mac) => plantSshName(mac, 'web', `env TART_HOME='/a b' '/it'\\''s gone/100%%/rusta'`),
    title: "The SSH alias rusta-web starts /it's gone/100%/rusta, which is not there",
    command: 'rusta ssh-setup web',
  },
  {
    what: 'host keys that were made anew',
    spoil: (mac) => {
      plantSshName(mac, 'lab', '/bin/sh');
      plantHostKey(mac, 'lab', 'B'.repeat(40));
      write(ours(mac, 'known_hosts/lab'), `rusta-lab ssh-ed25519 ${'A'.repeat(40)}\n`);
    },
    title: "VM 'lab' has none of the SSH host keys that are known of rusta-lab",
    command: 'rusta ssh-setup lab',
  },
  {
    what: 'no context where there should be one',
    spoil: (mac) => {
      forDocker(mac, 'lab');
      plantAlias(mac, 'lab', addressOf(mac));
    },
    title: "VM 'lab' is set up for Docker, but the docker context docker-lab is missing",
    command: 'rusta docker-setup lab',
  },
  {
    what: 'a context that leads elsewhere',
    spoil: async (mac) => {
      forDocker(mac, 'lab');
      plantAlias(mac, 'lab', addressOf(mac));
      await plantContext(mac, 'lab', 'ssh://admin@elsewhere');
    },
    title: "VM 'lab' is set up for Docker, but the docker context docker-lab leads elsewhere",
    command: 'rusta docker-setup lab',
  },
];

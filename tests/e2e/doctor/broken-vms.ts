import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signal } from '../../sandbox/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { ours, writeState } from '../state.ts';
import { up } from './life.ts';
import { type Broken, write } from './world.ts';

/** Each alone, beside a VM `lab` that runs and a VM `web` that is off, or what is said of them. */
export const BROKEN_VMS: readonly Broken[] = [
  {
    what: 'a suspended VM',
    spoil: (mac) => writeFileSync(join(mac.vm('web').folder, 'state.vzvmsave'), ''),
    title: "VM 'web' is suspended",
    command: 'tart stop web',
  },
  {
    what: 'a VM that lacks a file',
    spoil: (mac) => rmSync(join(mac.vm('web').folder, 'nvram.bin')),
    title: /^VM 'web' is damaged: nvram\.bin is missing in \/.*\/vms\/web$/,
    command: 'rusta delete web',
  },
  {
    what: 'a VM whose configuration was cut off',
    spoil: (mac) => writeFileSync(join(mac.vm('web').folder, 'config.json'), '{"version":1,'),
    title: /^config\.json of VM 'web' is damaged, in \/.*\/vms\/web$/,
    command: /^open \/.*\/vms\/web$/,
  },
  {
    what: 'a VM that is only on record',
    spoil: (mac) => writeState(mac, '[vms.gone]\ngui = true\n'),
    title: /^rusta knows VM 'gone', but Tart does not have it in \//,
    command: 'rusta delete gone',
  },
  {
    what: 'a VM whose creation stopped',
    spoil: (mac) => writeState(mac, '[vms.web]\nsetup = "provisioning"\nimage = "ghcr.io/cirruslabs/ubuntu:24.04"\n'),
    title: "VM 'web' is not complete: its creation stopped while provisioning",
    command: 'rusta create web --resume',
  },
  {
    what: 'a VM whose shared folder is gone',
    spoil: (mac) => writeState(mac, '[vms.web]\nshares = ["/Volumes/gone/my work:/mnt/work:ro"]\n'),
    title: "VM 'web' was given the folder /Volumes/gone/my work, which is not there",
    command: "mkdir -p '/Volumes/gone/my work'",
  },
  {
    what: 'a VM that a killed run has left',
    spoil: (mac) => writeState(mac, '[vms.web]\nsetup = "cloning"\nthrow_away = "web"\n'),
    title: "VM 'web' is left from a 'rusta run' that was killed",
    command: 'rusta delete web --force-running',
  },
  {
    what: 'a VM that was killed',
    spoil: async (mac) => {
      await up(mac, 'web');
      const pid = mac.vm('web').runPid;
      signal(pid, 'SIGKILL');
      await waitUntil('it to be gone', () => !mac.vm('web').isRunning);
    },
    title: /^VM 'web' was running, but its process \(\d+\) is gone$/,
    command: 'rusta up web',
  },
  {
    what: 'a process whose VM is gone',
    spoil: async (mac) => {
      await up(mac, 'web');
      rmSync(mac.vm('web').folder, { recursive: true });
    },
    title: /^Process \d+ runs VM 'web', which Tart no longer has$/,
    command: 'rusta delete web --force-running',
  },
  {
    what: 'the pid of another process',
    spoil: (mac) => write(ours(mac, 'run/lab.pid'), `${process.pid}\n`),
    title: /^\/.*\/run\/lab\.pid does not name the process of VM 'lab'$/,
    command: /^rm \/.*\/run\/lab\.pid$/,
  },
  {
    what: 'a pid that is none',
    spoil: (mac) => write(ours(mac, 'run/web.pid'), 'once upon a time'),
    title: /run\/web\.pid does not name the process of VM 'web'$/,
    command: /^rm \/.*\/run\/web\.pid$/,
  },
  {
    what: 'a control socket that was left behind',
    spoil: (mac) => writeFileSync(join(mac.vm('web').folder, 'control.sock'), ''),
    title: "A control socket is in the way of VM 'web'",
    command: /^rm \/.*\/vms\/web\/control\.sock$/,
  },
];

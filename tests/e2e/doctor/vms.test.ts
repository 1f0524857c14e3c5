import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../sandbox/mac.ts';
import { signal } from '../../sandbox/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { ours, writeState } from '../state.ts';
import { doctor, healthyMac, plantAlias, plantContext, plantInGuest, plantLeases, write } from './world.ts';

setDefaultTimeout(60_000);

let mac: Mac;
beforeEach(async () => {
  mac = await healthyMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

interface Broken {
  readonly what: string;
  readonly spoil: () => void | Promise<void>;
  readonly title: string | RegExp;
  readonly command: string | RegExp;
}

const up = async (vm: string) => expect((await mac.rusta(['up', vm])).code).toBe(0);
/** Boots again with the knobs of now, and leaves nothing of the first boot behind. */
async function reboot(vm: string, patch: Parameters<Mac['configure']>[0]) {
  await mac.vm(vm).powerOff();
  rmSync(join(mac.vm(vm).folder, 'control.sock'), { force: true });
  mac.configure(patch);
  await boot(vm);
}
async function boot(vm: string) {
  const app = join(mac.root, 'libexec/tart.app/Contents/MacOS/tart');
  mac.start(app, ['run', '--no-graphics', vm], { env: { SANDBOX_UNSEEN: '1' } });
  await waitUntil(`${vm} to run`, () => mac.vm(vm).isRunning && existsSync(join(mac.vm(vm).folder, 'control.sock')));
  const { agent, ip } = { ...mac.knobs.behavior, ...mac.knobs.perVm[vm] };
  if (ip !== 'never') await waitUntil(`the address of ${vm}`, () => mac.vm(vm).address !== undefined);
  if (agent !== 'never')
    await waitUntil(`the agent of ${vm}`, () => existsSync(join(mac.root, 'machines', String(mac.vm(vm).runPid), 'agent.sock.since')));
}
const forDocker = (vm: string) => writeState(mac, `[vms.${vm}]\nkey = true\ndocker = true\n`);
const address = () => mac.vm('lab').address ?? '';

/** Each alone, beside a VM `lab` that runs and a VM `web` that is off, or what is said of them. */
const BROKEN: readonly Broken[] = [
  {
    what: 'a suspended VM',
    spoil: () => writeFileSync(join(mac.vm('web').folder, 'state.vzvmsave'), ''),
    title: "VM 'web' is suspended",
    command: 'tart stop web',
  },
  {
    what: 'a VM that lacks a file',
    spoil: () => rmSync(join(mac.vm('web').folder, 'nvram.bin')),
    title: /^VM 'web' is damaged: nvram\.bin is missing in \/.*\/vms\/web$/,
    command: 'rusta delete web',
  },
  {
    what: 'a VM that is only on record',
    spoil: () => writeState(mac, '[vms.gone]\ngui = true\n'),
    title: /^rusta knows VM 'gone', but Tart does not have it in \//,
    command: 'rusta delete gone',
  },
  {
    what: 'a VM whose creation stopped',
    spoil: () => writeState(mac, '[vms.web]\nsetup = "provisioning"\nimage = "ghcr.io/cirruslabs/ubuntu:24.04"\n'),
    title: "VM 'web' is not complete: its creation stopped while provisioning",
    command: 'rusta create web --resume',
  },
  {
    what: 'a VM that was killed',
    spoil: async () => {
      await up('web');
      const pid = mac.vm('web').runPid;
      signal(pid, 'SIGKILL');
      await waitUntil('it to be gone', () => !mac.vm('web').isRunning);
    },
    title: /^VM 'web' was running, but its process \(\d+\) is gone$/,
    command: 'rusta up web',
  },
  {
    what: 'a process whose VM is gone',
    spoil: async () => {
      await up('web');
      rmSync(mac.vm('web').folder, { recursive: true });
    },
    title: /^Process \d+ runs VM 'web', which Tart no longer has$/,
    command: /^kill \d+$/,
  },
  {
    what: 'the pid of another process',
    spoil: () => write(ours(mac, 'run/lab.pid'), `${process.pid}\n`),
    title: /^\/.*\/run\/lab\.pid does not name the process of VM 'lab'$/,
    command: /^rm \/.*\/run\/lab\.pid$/,
  },
  {
    what: 'a pid that is none',
    spoil: () => write(ours(mac, 'run/web.pid'), 'once upon a time'),
    title: /run\/web\.pid does not name the process of VM 'web'$/,
    command: /^rm \/.*\/run\/web\.pid$/,
  },
  {
    what: 'a control socket that was left behind',
    spoil: () => writeFileSync(join(mac.vm('web').folder, 'control.sock'), ''),
    title: "A control socket is in the way of VM 'web'",
    command: /^rm \/.*\/vms\/web\/control\.sock$/,
  },
  {
    what: 'a guest without agent',
    spoil: () => reboot('lab', { perVm: { lab: { agent: 'never' } } }),
    title: "The guest agent of VM 'lab' does not answer",
    command: 'rusta ssh lab -- sudo systemctl restart tart-guest-agent',
  },
  {
    what: 'a guest of which nothing is heard',
    spoil: async () => {
      mac.configure({ perVm: { web: { agent: 'never', ip: 'never' } } });
      await boot('web');
    },
    title: "VM 'web' has no address, and its guest agent does not answer",
    command: 'rusta down web --force && rusta up web --graphical',
  },
  {
    what: 'a clock that stood still',
    spoil: () => plantInGuest(mac, 'lab', 'date', `echo ${Math.floor(Date.now() / 1_000) - 7_200}`),
    title: /^The clock of VM 'lab' is 72\d\d s behind$/,
    command: 'tart exec lab sudo date -u -s @$(date +%s)',
  },
  {
    what: 'a clock that runs ahead',
    spoil: () => plantInGuest(mac, 'lab', 'date', `echo ${Math.floor(Date.now() / 1_000) + 7_200}`),
    title: /^The clock of VM 'lab' is 71\d\d s ahead$/,
    command: 'tart exec lab sudo date -u -s @$(date +%s)',
  },
  {
    what: 'two VMs with one machine-id, and one hostname for that',
    spoil: async () => {
      for (const vm of ['lab', 'web']) {
        writeFileSync(join(mac.vm(vm).guest, 'etc/machine-id'), `${'5'.repeat(32)}\n`);
        writeFileSync(join(mac.vm(vm).guest, 'etc/hostname'), 'ubuntu\n');
      }
      await boot('web');
    },
    title: "VM 'web' has the machine-id of VM 'lab'",
    command: "tart exec web sudo sh -c 'rm -f /etc/machine-id /var/lib/dbus/machine-id && systemd-machine-id-setup'",
  },
  {
    what: 'two VMs with one hostname',
    spoil: async () => {
      writeFileSync(join(mac.vm('web').guest, 'etc/hostname'), 'ubuntu\n');
      await boot('web');
    },
    title: "VM 'web' has the hostname of VM 'lab': ubuntu",
    command: 'tart exec web sudo hostnamectl set-hostname web',
  },
  {
    what: 'an address that the guest does not have',
    spoil: () => plantInGuest(mac, 'lab', 'hostname', '[ "$1" = -I ] && echo "192.168.64.9 172.17.0.1 fd00::1" || echo lab'),
    title: /^Tart's address of VM 'lab', [\d.]+, is not the guest's, which has 192\.168\.64\.9$/,
    command: 'rusta down lab && rusta up lab',
  },
  {
    what: 'an alias that drifted',
    spoil: () => plantAlias(mac, 'lab', '192.168.64.77'),
    title: /^The SSH alias docker-lab leads to 192\.168\.64\.77, but VM lab has [\d.]+$/,
    command: 'rusta docker-setup lab',
  },
  {
    what: 'an alias that leads to another VM',
    spoil: () => plantAlias(mac, 'web', address()),
    title: /^The SSH alias docker-web of VM web leads to VM lab \([\d.]+\)$/,
    command: 'rusta up web',
  },
  {
    what: 'no alias where there should be one',
    spoil: async () => {
      forDocker('web');
      await plantContext(mac, 'web', 'ssh://admin@docker-web');
    },
    title: "VM 'web' is set up for Docker, but ~/.ssh/config has no alias docker-web",
    command: 'rusta docker-setup web',
  },
  {
    what: 'no context where there should be one',
    spoil: () => {
      forDocker('lab');
      plantAlias(mac, 'lab', address());
    },
    title: "VM 'lab' is set up for Docker, but the docker context docker-lab is missing",
    command: 'rusta docker-setup lab',
  },
  {
    what: 'a context that leads elsewhere',
    spoil: async () => {
      forDocker('lab');
      plantAlias(mac, 'lab', address());
      await plantContext(mac, 'lab', 'ssh://admin@elsewhere');
    },
    title: "VM 'lab' is set up for Docker, but the docker context docker-lab leads elsewhere",
    command: 'rusta docker-setup lab',
  },
];

describe('one thing is wrong with a VM: it is named, and nothing else', () => {
  test.each(BROKEN.map((broken) => [broken.what, broken] as const))('%s', async (_what, { spoil, title, command }) => {
    await spoil();
    const { code, titles, commands, stderr } = await doctor(mac);
    const like = (wanted: string | RegExp) => (typeof wanted === 'string' ? wanted : expect.stringMatching(wanted));
    expect({ code, titles, commands, stderr }).toEqual({ code: 1, titles: [like(title)], commands: [like(command)], stderr: '' });
  });
});

describe('all is well', () => {
  const well = (what: string, prepare: () => void | Promise<void>) =>
    test(what, async () => {
      await prepare();
      expect(await doctor(mac)).toMatchObject({ code: 0, titles: [], stderr: '' });
    });

  well('a VM that rusta started', () => up('web'));
  well('a VM set up for Docker, by a user of his own', async () => {
    forDocker('lab');
    plantAlias(mac, 'lab', address());
    await plantContext(mac, 'lab', 'ssh://bob@docker-lab');
  });
  well("an alias and a context of the user's own", async () => {
    forDocker('lab');
    write(join(mac.home, '.ssh/config'), 'Host docker-lab\n  HostName example.org\n');
    await mac.run('docker', ['context', 'create', 'docker-lab', '--docker', 'host=ssh://me@example.org']);
  });
  well('the alias of a VM that is off', () => plantAlias(mac, 'web', '192.168.64.9'));
  well('a clock that is some seconds off', () => plantInGuest(mac, 'lab', 'date', `echo ${Math.floor(Date.now() / 1_000) - 20}`));
  well('a VM that another rusta is creating', () => {
    writeState(mac, '[vms.new]\nsetup = "cloning"\n');
    write(ours(mac, 'run/new.lock'), `rusta create new (pid ${process.pid})\n`);
  });
  well('files of others beside the VMs', () => {
    writeFileSync(join(mac.tartHome, 'vms/.DS_Store'), '');
    write(ours(mac, 'run/notes.txt'), '');
  });
});

test('three at once, of three VMs, are all named; of one VM its own alone', async () => {
  await mac.addVm('old');
  writeFileSync(join(mac.vm('old').folder, 'state.vzvmsave'), '');
  rmSync(join(mac.vm('web').folder, 'config.json'));
  plantAlias(mac, 'lab', '192.168.64.77');
  const all = await doctor(mac);
  expect(all).toMatchObject({ code: 1, commands: ['tart stop old', 'rusta delete web', 'rusta docker-setup lab'] });
  expect(await doctor(mac, ['web'])).toMatchObject({ code: 1, commands: ['rusta delete web'] });
  expect(await doctor(mac, ['lab'])).toMatchObject({ code: 1, commands: ['rusta docker-setup lab'] });
});

test('what is wrong between two VMs is told of both', async () => {
  plantAlias(mac, 'web', address());
  for (const vm of ['web', 'lab']) expect(await doctor(mac, [vm])).toMatchObject({ code: 1, commands: ['rusta up web'] });
});

test('a guest that is silent costs less than three seconds', async () => {
  await reboot('lab', { perVm: { lab: { agent: 'never' } }, timing: { execWindow: 30_000 } });
  const started = performance.now();
  expect(await doctor(mac)).toMatchObject({ code: 1, titles: [expect.stringContaining('guest agent')] });
  expect(performance.now() - started).toBeLessThan(6_000);
});

describe('the hint of a command that fails leads to the reason', () => {
  test('of a wait for the agent', async () => {
    mac.configure({ perVm: { web: { agent: 'never' } } });
    const { code, stderr } = await mac.rusta(['up', 'web'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("'rusta doctor web'") });
    expect(await doctor(mac, ['web'])).toMatchObject({ code: 1, titles: ["The guest agent of VM 'web' does not answer"] });
  });

  test('of a wait for an address', async () => {
    plantLeases(mac, 253);
    mac.configure({ perVm: { web: { agent: 'never', ip: 'never' } } });
    await boot('web');
    const { code, stderr } = await mac.rusta(['ip', 'web'], { env: { RUSTA_IP_TIMEOUT: '1' } });
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("'rusta doctor web'") });
    const { titles } = await doctor(mac, ['web']);
    expect(titles).toEqual(['All addresses of 192.168.64.0 are given away', expect.stringContaining("VM 'web' has no address")]);
  });

  test('of a VM that does not start for a reason that rusta does not know', async () => {
    mac.configure({
      tartVersion: '2.36.0',
      perVm: { web: { bootError: 'bind(descriptor:ptr:bytes:): Address already in use (errno: 48)' } },
    });
    const { code, stderr } = await mac.rusta(['up', 'web']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("'rusta doctor web'") });
    expect(await doctor(mac, ['web'])).toMatchObject({ code: 1, titles: ['Tart 2.36.0 does not start a VM a second time'] });
  });
});

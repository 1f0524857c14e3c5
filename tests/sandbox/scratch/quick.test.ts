import { afterEach, beforeEach, expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildStandin } from '../build.ts';
import { createMac, type Mac } from '../mac.ts';
import type { RunResult } from '../spawn.ts';
import type { Call } from '../standin/record.ts';
import { toolsOf } from './tools.ts';

const tools = toolsOf(await buildStandin());
let mac: Mac;
let guest: string;
beforeEach(async () => {
  mac = await createMac();
  ({ guest } = await mac.addVm('lab'));
});
afterEach(() => mac[Symbol.asyncDispose]());

interface Played {
  readonly result: RunResult;
  readonly call: Omit<Call, 'pid'> | undefined;
}

/** Plays it in the guest, or on the Mac, and returns what came of it and what was written down. */
async function play(path: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Played> {
  const before = mac.calls().length;
  const words = args.map((word) => word.replace('GUEST', guest).replace('TOOLS', tools));
  const result = await mac.run(path, words, { env });
  const { pid: _, ...call } = mac.calls()[before] ?? { pid: 0 };
  return { result, call: 'program' in call ? call : undefined };
}

/** A shell that is bash gives a TERM of its own to whoever has none. */
const IN_GUEST = { TERM: 'dumb', TART_HOME: undefined, DEBIAN_FRONTEND: 'noninteractive' };

test.each([
  ['uname', ['-m']],
  ['uname', ['-s']],
  ['uname', []],
] as const)('when the Mac runs %s %j, the script and the stand-in behind it do and write down the same', async (name, args) => {
  const quick = await play(join(mac.bin, name), args, {});
  expect(quick.call).toMatchObject({ program: name, args, env: { TERM: 'xterm-256color', TART_HOME: mac.tartHome } });
  expect(await play(join(tools, '.played', name), args, {})).toEqual(quick);
});

test.each([
  ['sync', []],
  ['sync', ['GUEST/etc/hosts', '/etc/hostname']],
  ['chown', ['-R', 'admin:admin', '--from=GUEST', 'TOOLS/sync']],
  ['logger', ['"quotes"', 'läb', '$HOME', 'a b', '', '\n']],
  ['systemctl', ['stop', 'apt-daily.timer']],
  ['systemctl', ['enable', '--now', 'rusta-clock.timer']],
  ['systemctl', ['enable', '--force', 'gdm3.service']],
  ['systemctl', ['get-default']],
  ['systemctl', ['is-active', 'docker']],
  ['hostname', []],
  ['dpkg', ['--force-confold', '--configure', '-a']],
  ['dpkg', ['-s', 'git']],
  ['apt-get', ['-y', '-o', 'APT::Update::Error-Mode=any', 'update']],
  ['apt-get', ['--download-only', '-y', 'install', 'git']],
  ['apt-get', ['-y', 'install', 'update']],
  ['date', ['+%Y']],
  ['date', ['--set=@1']],
  ['mktemp', ['GUEST/none/said.XXXXXX']],
  ['mktemp', ['-u', '-p', '/none']],
  ['ip', ['-4', 'route', 'show', 'default']],
  ['ip', ['-4', '-o', 'addr', 'show', 'scope', 'global']],
  ['ip', ['addr']],
  ['timeout', ['-k', '5', '45', 'whoami']],
  ['timeout', ['5', '/usr/bin/whoami']],
  ['fuser', ['-s', 'GUEST/var/lib/dpkg/lock', 'GUEST/held']],
] as const)('when a guest runs %s %j, the script and the stand-in behind it do and write down the same', async (name, args) => {
  const env = { ...IN_GUEST, GUEST_ROOT: guest, GUEST_VM: 'lab', PATH: tools } as unknown as Record<string, string>;
  for (const held of [false, true]) {
    if (held) writeFileSync(join(guest, 'held.held'), '');
    const quick = await play(join(tools, name), args, env);
    expect(quick.call).toMatchObject({ program: `guest:${name}`, env: { DEBIAN_FRONTEND: 'noninteractive' } });
    expect(await play(join(tools, '.played', name), args, env)).toEqual(quick);
  }
});

test.each([[['-d']], [['GUEST/tmp/said.XXXXXX']]])(
  'when a guest runs mktemp %j, both make what they name, for its owner alone',
  async (args) => {
    const env = { ...IN_GUEST, GUEST_ROOT: guest, GUEST_VM: 'lab', PATH: tools, TMPDIR: join(guest, 'tmp') } as unknown as Record<
      string,
      string
    >;
    const made = [];
    for (const folder of [tools, join(tools, '.played')]) {
      const { result, call } = await play(join(folder, 'mktemp'), args, env);
      const path = result.stdout.trimEnd();
      const stats = statSync(path);
      made.push({
        folder: dirname(path),
        length: basename(path).length,
        mode: stats.mode.toString(8),
        size: stats.isFile() ? stats.size : 0,
        call,
      });
    }
    expect(made[1]).toEqual(made[0]);
  },
);

test('when a guest has an address, `ip` says so, by the script and by the stand-in behind it', async () => {
  await mac.run('tart', ['delete', 'lab']);
  const vm = await mac.addVm('web', { running: true });
  await mac.event('ip', 'web');
  const [machine = ''] = readdirSync(join(mac.root, 'machines'));
  const pid = readFileSync(join(mac.root, 'machines', machine, 'pid'), 'utf8');
  const env = { ...IN_GUEST, GUEST_ROOT: vm.guest, GUEST_VM: 'web', GUEST_MACHINE: pid, PATH: tools } as unknown as Record<string, string>;
  for (const words of ['route show default', '-o addr show scope global']) {
    const args = ['-4', ...words.split(' ')];
    const quick = await play(join(tools, 'ip'), args, env);
    expect(quick.result.stdout).toContain(words.startsWith('route') ? 'default via' : `inet ${vm.address}/24`);
    expect(await play(join(tools, '.played', 'ip'), args, env)).toEqual(quick);
  }
});

test('when a fault is set for a program, the script leaves it to the stand-in', async () => {
  mac.configure({ machine: 'x86_64' });
  expect((await mac.run('uname', ['-m'])).stdout).toBe('x86_64\n');
  mac.configure({ faults: [{ program: 'uname', do: 'exit', code: 9, stderr: 'broken\n' }] });
  expect(await mac.run('uname', ['-m'])).toMatchObject({ code: 9, stderr: 'broken\n' });
  expect(mac.calls('uname')).toHaveLength(2);
});

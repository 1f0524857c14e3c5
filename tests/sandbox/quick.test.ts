import { afterEach, beforeEach, expect, test } from 'bun:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildStandin } from './build.ts';
import { createMac, type Mac } from './mac.ts';
import { toolsOf } from './scratch/tools.ts';
import type { RunResult } from './spawn.ts';
import type { Call } from './standin/record.ts';

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

test('when a fault is set for a program, the script leaves it to the stand-in', async () => {
  mac.configure({ machine: 'x86_64' });
  expect((await mac.run('uname', ['-m'])).stdout).toBe('x86_64\n');
  mac.configure({ faults: [{ program: 'uname', do: 'exit', code: 9, stderr: 'broken\n' }] });
  expect(await mac.run('uname', ['-m'])).toMatchObject({ code: 9, stderr: 'broken\n' });
  expect(mac.calls('uname')).toHaveLength(2);
});

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { canaries, eachOf, expectRefused, HOSTILE, runWatched } from './hostile.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  mkdirSync(join(mac.home, '.ssh'));
  writeFileSync(join(mac.home, '.ssh/id_mine'), 'a key\n');
});
afterAll(() => mac[Symbol.asyncDispose]());

/** Any file name may be that of a VM (D27): Tart is asked whether there is one, and there is none. */
const NOT_FOUND: Record<string, (value: string) => string[]> = {
  'a VM to start': (value) => ['up', value],
  'a VM to delete': (value) => ['delete', '--yes', value],
  'a default VM': (value) => ['default', value],
  'a VM to log in to': (value) => ['ssh', value, '--', 'true'],
};

/** Where a value is a name of some kind: what is no such name starts nothing. */
const REFUSED: Record<string, (value: string) => string[]> = {
  'a VM to create': (value) => ['create', value],
  'a user of ssh': (value) => ['ssh', 'lab', `--user=${value}`, '--', 'true'],
  'a user of ssh-copy': (value) => ['ssh-copy', 'lab', `--user=${value}`],
  'a user of docker-setup': (value) => ['docker-setup', 'lab', `--user=${value}`],
  'a user of create': (value) => ['create', 'new', `--user=${value}`, '--gui'],
  'an image reference': (value) => ['create', 'new', `--image-ref=${value}`],
  'an image': (value) => ['create', 'new', `--image=${value}`],
  'a version': (value) => ['create', 'new', `--version=${value}`],
  'a source': (value) => ['create', 'new', `--source=${value}`],
  'a new source': (value) => ['source', 'add', `ghcr.io/${value}`],
  'a new image': (value) => ['image', 'add', value],
};

describe('what is the name of no VM is only looked for', () => {
  test.each(Object.keys(NOT_FOUND))('%s', async (what) => {
    const before = mac.calls().length;
    await eachOf(HOSTILE, async (value) => {
      const args = NOT_FOUND[what]?.(value) ?? [];
      const result = await runWatched(mac, args);
      if (value.startsWith('-') && result.stdout.startsWith('Usage: rusta ')) return;
      const canBeNamed = !value.startsWith('-') && !value.includes('/');
      expectRefused(args, result, canBeNamed ? 2 : 1);
    });
    const looks = /^(?:list --format json|ip )/;
    const started = mac.calls().slice(before);
    expect(started.filter(({ program, args }) => program !== 'uname' && !looks.test(args.join(' ')))).toEqual([]);
    expect(canaries(mac)).toEqual([]);
  });
});

describe('what is no name is refused before any program sees it', () => {
  test.each(Object.keys(REFUSED))('%s', async (what) => {
    const before = mac.calls().length;
    await eachOf(HOSTILE, async (value) => {
      const args = REFUSED[what]?.(value) ?? [];
      const result = await runWatched(mac, args);
      // Among the flags of a line, `--help` asks for help, as does an `h` of several letters behind one dash.
      if (value.startsWith('-') && result.stdout.startsWith('Usage: rusta ')) return;
      expectRefused(args, result);
    });
    const started = mac.calls().slice(before);
    expect(started.filter(({ program, args }) => program !== 'uname' && args.join(' ') !== 'list --format json')).toEqual([]);
    expect(canaries(mac)).toEqual([]);
  });
});

test('any password travels as it is, in the environment alone; one of several lines is refused', async () => {
  const before = mac.calls().length;
  await eachOf(HOSTILE, async (value) => {
    const result = await runWatched(mac, ['ssh', 'lab', `--password=${value}`, '--verbose', '--', 'true']);
    expect(
      result.stderr
        .split('\n')
        .filter((line) => line.startsWith('+ sshpass'))
        .join('')
        .includes(value) && value.length > 3,
    ).toBe(false);
  });
  const used = mac.calls('sshpass').map(({ env }) => env['SSHPASS']);
  for (const value of HOSTILE) expect({ value, used: used.includes(value) }).toEqual({ value, used: !value.includes('\n') });
  const started = mac.calls().slice(before);
  expect(started.filter(({ args }) => args.join(' ').includes('canary)'))).toEqual([]);
  expect(canaries(mac)).toEqual([]);
});

test('remote words arrive as they are typed', async () => {
  const words = ['', '-x', '--', '$HOME', "it's", '"', 'a\nb', '*', '%s', '\\', '日本', ...HOSTILE];
  const { code, stdout } = await runWatched(mac, ['ssh', 'lab', '--', 'printf', '%s\\0', ...words]);
  expect({ code, words: stdout.split('\0').slice(0, -1) }).toEqual({ code: 0, words });
  expect(canaries(mac)).toEqual([]);
});

test.skipIf(Bun.which('ssh') === null)('a remote command that looks like an option is none to the real ssh', async () => {
  const command = '-oProxyCommand=touch canary';
  await runWatched(mac, ['ssh', 'lab', '--', command]);
  const args = mac.calls('ssh').findLast((call) => call.args.includes(command))?.args ?? [];
  expect(args.at(-1)).toBe(command);
  const cwd = join(mac.root, 'real');
  mkdirSync(cwd);
  // Nobody listens there.
  const closed = args.map((word, index) => (args[index - 1] === '-p' ? '1' : word));
  const { status } = spawnSync('ssh', ['-F', 'none', ...closed], { cwd, timeout: 15_000 });
  expect(status).toBe(255);
  expect(existsSync(join(cwd, 'canary'))).toBe(false);
  // The canary would sing: before the address, it is an option.
  spawnSync('ssh', ['-F', 'none', command, '-p', '1', '--', '127.0.0.1', 'true'], { cwd, timeout: 15_000 });
  expect(existsSync(join(cwd, 'canary'))).toBe(true);
  // Other tests may come after this one.
  rmSync(cwd, { recursive: true });
});

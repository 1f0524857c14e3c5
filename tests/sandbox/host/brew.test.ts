import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../mac.ts';

const URL = 'https://github.com/pallewela/rusta';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac({ without: ['tart', 'sshpass'] });
});
afterEach(() => mac[Symbol.asyncDispose]());

const brew = (...args: string[]) => mac.run('brew', args);
const has = (program: string) => existsSync(join(mac.bin, program));

describe('the brew of the stand-in', () => {
  test("installs what is Homebrew's own by its short name, and knows what is there", async () => {
    expect((await brew('list', 'sshpass')).code).toBe(1);
    expect((await brew('install', 'sshpass')).code).toBe(0);
    expect((await brew('list', 'sshpass')).code).toBe(0);
    expect(has('sshpass')).toBe(true);
    expect(await brew('install', 'nonesuch')).toMatchObject({
      code: 1,
      stderr: 'Error: No available formula with the name "nonesuch".\n',
    });
  });

  test('a full name trusts that formula alone: what it depends on is refused, after the words of brew and git', async () => {
    const { code, stderr } = await brew('install', 'openai/tools/tart');
    expect(code).toBe(1);
    expect(stderr.split('\n')).toEqual([
      '==> Tapping openai/tools',
      expect.stringContaining("Cloning into '"),
      'Tapped 2 formulae (13 files, 8KB).',
      '==> Trusted formula openai/tools/tart',
      'Error: Refusing to load formula openai/tools/softnet from untrusted tap openai/tools.',
      'Run `brew trust --formula openai/tools/softnet` or `brew trust openai/tools` to trust it.',
      '',
    ]);
    expect(has('tart')).toBe(false);
    // It is remembered: named by itself another time, the other is enough.
    expect((await brew('install', 'openai/tools/softnet')).code).toBe(0);
    expect((await brew('install', 'openai/tools/tart')).code).toBe(0);
    expect((await mac.run('tart', ['--version'])).stdout).toBe('2.32.1\n');
  });

  test.each([
    ['both named', [['install', 'openai/tools/softnet', 'openai/tools/tart']]],
    [
      'the tap trusted before',
      [
        ['trust', 'openai/tools'],
        ['install', 'openai/tools/tart'],
      ],
    ],
  ])('%s: installed', async (_what, lines) => {
    for (const line of lines) expect(await brew(...line)).toMatchObject({ code: 0 });
    expect(has('tart')).toBe(true);
  });

  test('before Homebrew 6 nothing has to be trusted', async () => {
    mac.configure({ brew: { version: '5.1.0' } });
    expect((await brew('install', 'cirruslabs/cli/tart')).code).toBe(0);
    expect(has('tart')).toBe(true);
  });

  test('a short name of a tap that nobody trusts is refused, its full name is not', async () => {
    expect((await brew('tap', 'pallewela/rusta', URL)).code).toBe(0);
    expect(await brew('install', 'rusta')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('from untrusted tap pallewela/rusta'),
    });
    expect((await brew('install', 'pallewela/rusta/rusta')).code).toBe(0);
    expect(has('rusta')).toBe(true);
  });

  test('a tap of a place of its own is found by its URL alone, and trusted by name only once it is there', async () => {
    expect(await brew('install', 'pallewela/rusta/rusta')).toMatchObject({ code: 1, stderr: expect.stringContaining('exited with 128') });
    expect((await brew('trust', 'pallewela/rusta')).code).toBe(0);
    expect((await brew('tap', 'pallewela/rusta', URL)).code).toBe(0);
    expect((await brew('install', 'rusta')).code).toBe(1);
    expect((await brew('trust', 'pallewela/rusta')).code).toBe(0);
    expect((await brew('install', 'rusta')).code).toBe(0);
  });
});

import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createMac } from '../mac.ts';
import { silent, tart } from './calls.ts';

/** Usage errors, help, and what every subcommand says of a VM or a folder that is not there. */
describe('command line', () => {
  test.each([
    [['list', '--bogus'], "Error: Unknown option '--bogus'"],
    [['list', '--source', 'x'], "Error: 'x' is not a valid <source>"],
    [['set', 'lab', '--cpu', 'x'], "Error: The value 'x' is invalid for '--cpu <cpu>'"],
    [['set', 'lab', '--cpu'], "Error: Missing value for '--cpu <cpu>'"],
    [['get'], "Error: Missing expected argument '<name>'"],
    [['get', 'a', 'b'], "Error: Unexpected argument 'b'"],
    [['exec', 'lab'], "Error: Missing expected argument '<command> ...'"],
    [['prune'], 'Error: at least one pruning criteria must be specified'],
    [['login', 'ghcr.io', '--username', 'x'], 'Error: --username and --password-stdin should be specified together'],
    [['nonsense'], "Error: Unexpected argument 'nonsense'"],
  ])('%j is a usage error', async (args, message) => {
    await using mac = await createMac();
    const result = await tart(mac, ...args);
    expect(result).toMatchObject({ code: 64, stdout: '' });
    expect(result.stderr.split('\n')[0]).toBe(message);
    expect(result.stderr).toContain('Usage: tart');
  });

  test('--version and help write to stdout and touch nothing', async () => {
    await using mac = await createMac();
    const env = { TART_HOME: join(mac.root, 'fresh') };
    expect(await mac.run('tart', ['--version'], { env })).toEqual({ ...silent, stdout: '2.32.1\n' });
    for (const args of [[], ['--help'], ['help', 'clone'], ['run', '-h'], ['exec', '--help']]) {
      const result = await mac.run('tart', args, { env });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toContain('USAGE: tart');
    }
    expect(existsSync(env.TART_HOME)).toBe(false);
  });

  test('a TART_HOME that cannot be', async () => {
    await using mac = await createMac();
    const result = await mac.run('tart', ['list'], { env: { TART_HOME: '/dev/null/x' } });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringMatching(/^TART_HOME is invalid: \/dev\/null\/x does not exist, yet/) });
  });

  test('a missing VM is 2 without a prefix', async () => {
    await using mac = await createMac();
    for (const args of [
      ['get', 'x'],
      ['set', 'x'],
      ['stop', 'x'],
      ['ip', 'x'],
      ['delete', 'x'],
      ['exec', 'x', 'true'],
      ['suspend', 'x'],
    ]) {
      expect(await tart(mac, ...args)).toEqual({ code: 2, signal: null, stdout: '', stderr: 'the specified VM "x" does not exist\n' });
    }
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

test('--verbose traces every program on stderr, wherever it stands (spec 10, item 26)', async () => {
  await mac.addVm('lab', { running: true });
  for (const args of [
    ['--verbose', 'ip', 'lab'],
    ['ip', 'lab', '--verbose'],
  ]) {
    const { stdout, stderr } = await mac.rusta(args);
    expect(stdout).toMatch(/^127\.[\d.]+\n$/);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('+'))).toEqual(['+ uname -m', '+ tart list --format json', '+ tart ip lab']);
    const ends = lines.filter((line) => line.startsWith('  ')).map((line) => line.replace(/\d+\.\d\d s/, 'n s'));
    expect(ends.sort()).toEqual(['uname -m', 'tart list --format json', 'tart ip lab'].map((line) => `  exit 0 after n s: ${line}`).sort());
    expect(lines).toHaveLength(6);
  }
  await mac.rusta(['ssh', 'lab', '--verbose', '--', 'true']);
  expect(mac.calls('ssh').at(-1)?.args).toContain('LogLevel=INFO');
});

describe('--log (spec 10, item 27)', () => {
  test('keeps the whole run, errors included, and says so; the streams stay what they were', async () => {
    const log = join(mac.root, 'deep', 'er', 'x.log');
    const up = await mac.rusta(['--log', log, 'create', 'lab']);
    expect(up).toMatchObject({ code: 0, stderr: `Logging all output to ${log}\n` });
    const text = readFileSync(log, 'utf8');
    expect(text).toStartWith(`Logging all output to ${log}\n==> Cloning ghcr.io/cirruslabs/ubuntu:24.04\n`);
    expect(text).toContain('>>> [7/8] Installing spice-vdagent');
    expect(text).toContain("[ok] VM 'lab' is ready");
    const failed = await mac.rusta(['ip', 'lab', `--log=${log}`]);
    expect(failed).toMatchObject({ code: 1, stdout: '' });
    expect(readFileSync(log, 'utf8').slice(text.length)).toBe(
      `Logging all output to ${log}\n[error] VM 'lab' is not running\nStart it with 'rusta up lab'.\n`,
    );
  });

  test('has no colour, whatever the screen has, and remembers what was asked and answered', async () => {
    await mac.addVm('lab');
    const log = join(mac.root, 'x.log');
    await using terminal = openTerminal(mac, RUSTA, ['up', '--log', log]);
    await terminal.waitFor('> ');
    terminal.type('1\r');
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.output).toContain('\u001b[32m[ok]\u001b[39m');
    const text = readFileSync(log, 'utf8');
    expect(text).not.toContain('\u001b');
    expect(text).toContain("1) lab   (stopped)\n> 1\nSet 'lab' as default for future commands.\n==> Starting VM 'lab'");
  });

  test('keeps what a remote command prints, piped and on a terminal', async () => {
    await mac.addVm('lab', { running: true });
    const log = join(mac.root, 'x.log');
    expect(await mac.rusta(['ssh', 'lab', '--log', log, '--', 'echo out; echo err >&2; exit 4'])).toMatchObject({
      code: 4,
      stdout: 'out\n',
      stderr: `Logging all output to ${log}\nerr\n`,
    });
    await using terminal = openTerminal(mac, RUSTA, ['ssh', 'lab', '--log', log, '--', '[ -t 1 ] && echo a-terminal']);
    expect((await terminal.exited).code).toBe(0);
    expect(terminal.screen).toContain('a-terminal');
    expect(readFileSync(log, 'utf8')).toContain('out\nerr\n');
    expect(readFileSync(log, 'utf8')).toContain('a-terminal');
  });

  test('that cannot be written stops everything before it begins', async () => {
    const result = await mac.rusta(['list', '--log', mac.root]);
    expect(result).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `[error] cannot write the log file '${mac.root}': EISDIR\nMove away what stands in its place, then try again.\n`,
    });
    expect(mac.calls()).toEqual([]);
  });

  test('behind a link that leads back to itself, no disk is said to be missing', async () => {
    symlinkSync('round', join(mac.home, 'round'));
    const { code, stderr } = await mac.rusta(['list', '--log', 'round/x.log']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot write the log file 'round/x.log'") });
    expect(stderr).not.toContain('is the disk mounted');
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { commands } from '../state.ts';

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

test('another machine than Apple Silicon ends with 1 before any Tart call (spec 10, item 28)', async () => {
  mac.configure({ machine: 'x86_64' });
  for (const args of [['list'], ['up'], ['create', 'lab'], ['ssh', 'lab'], ['delete', 'lab', '-y'], ['default']]) {
    expect(await mac.rusta(args)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: "[error] rusta needs a Mac with Apple Silicon (arm64); 'uname -m' says 'x86_64'\n",
    });
  }
  expect(commands(mac, 'tart')).toEqual([]);
});

test('without brew it ends with 1 (spec 10, item 29)', async () => {
  mac.without('brew');
  const result = await mac.rusta(['list']);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toContain('Homebrew is required');
  expect(commands(mac, 'tart')).toEqual([]);
});

test('a brew outside PATH is found in its folder, and so is all that it brought, by what rusta starts too (spec 10, item 29)', async () => {
  await mac.addVm('lab', { running: true });
  mkdirSync(join(mac.root, 'homebrew'));
  symlinkSync(mac.bin, join(mac.root, 'homebrew/bin'));
  // As launchd, cron and 'ssh mac rusta …' have it.
  const env = { PATH: join(mac.root, 'sys') };
  expect(await mac.rusta(['list'], { env })).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('lab') });
  expect(await mac.rusta(['ssh', 'lab', '--', 'echo', 'hi'], { env })).toMatchObject({ code: 0, stdout: 'hi\n' });
  expect(await mac.rusta(['list'], { env: { ...env, HOMEBREW_PREFIX: join(mac.root, 'elsewhere') } })).toMatchObject({
    code: 1,
    stderr: "[error] 'uname' is not installed or not on PATH\n",
  });
});

test('where brew was looked for is said (spec 10, item 29)', async () => {
  mac.without('brew');
  expect((await mac.rusta(['list'])).stderr).toBe(
    `[error] Homebrew is required: no brew on PATH, nor in ${mac.root}/homebrew/bin\nInstall it from https://brew.sh, then try again. If it is installed elsewhere, put its bin folder on PATH or set HOMEBREW_PREFIX.\n`,
  );
});

test("a tart that no tap gives: brew's reason is told, not what it did before", async () => {
  await using bare = await createMac({ without: ['tart'] });
  bare.configure({ brew: { prefix: '/usr/local', taps: {} } });
  const { code, stderr } = await bare.rusta(['list']);
  expect(code).toBe(1);
  expect(stderr).toContain("'brew install openai/tools/softnet openai/tools/tart' failed (exit 1): Error: Failure while executing;");
  expect(stderr).toContain('is the one for Intel Macs');
  expect(stderr).not.toContain('Cloning into');
});

test('a missing tart is installed, from the living tap where the frozen one is refused', async () => {
  await using bare = await createMac({ without: ['tart'] });
  const result = await bare.rusta(['list']);
  expect(result).toMatchObject({ code: 0, stdout: 'NAME   STATUS   DEFAULT\n' });
  expect(result.stderr).toContain('==> Installing tart with Homebrew (cirruslabs/cli/tart)');
  expect(commands(bare, 'brew')).toEqual(['install cirruslabs/cli/tart', 'install openai/tools/softnet openai/tools/tart']);
  for (const name of ['HOMEBREW_NO_AUTO_UPDATE', 'HOMEBREW_NO_ASK']) {
    expect(bare.calls('brew').map(({ env }) => env[name])).toEqual(['1', '1']);
  }
});

test('without HOME it ends with 1', async () => {
  expect(await mac.rusta(['list'], { env: { HOME: undefined } })).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('HOME is not set'),
  });
});

test('a missing uname is said, not guessed', async () => {
  mac.without('uname');
  expect(await mac.rusta(['list'])).toMatchObject({ code: 1, stdout: '', stderr: "[error] 'uname' is not installed or not on PATH\n" });
});

test('files of the current folder have no effect on the binary', async () => {
  const folder = join(mac.root, 'trap');
  mkdirSync(folder);
  writeFileSync(join(folder, '.env'), 'NO_COLOR=\nCLICOLOR_FORCE=1\nHOME=/nowhere\nRUSTA_IP_TIMEOUT=soon\n');
  writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./trap.ts"]\n');
  writeFileSync(join(folder, 'trap.ts'), `await Bun.write(${JSON.stringify(join(mac.root, 'sprung'))}, 'yes');`);
  writeFileSync(join(folder, 'package.json'), '{"type": "commonjs", "name": "trap"}');
  writeFileSync(join(folder, 'tsconfig.json'), 'not json');
  await mac.addVm('lab', { running: true });
  expect(await mac.rusta(['ip', 'lab'], { cwd: folder })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^127\./), stderr: '' });
  expect((await mac.rusta(['--help'], { cwd: folder })).stdout).not.toContain('\u001b');
  expect(existsSync(join(mac.root, 'sprung'))).toBe(false);
});

test('a reader that goes away is no error', async () => {
  const result = await mac.run('sh', ['-c', `"${RUSTA}" --help | head -n 1`]);
  expect(result).toMatchObject({ code: 0, stdout: 'Usage: rusta <command> [args...] [flags...]\n', stderr: '' });
});

import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { commands } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

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

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { ours } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

const shell = (script: string, options = {}) => mac.run('/bin/sh', ['-c', script, RUSTA], options);

describe('--log', () => {
  test.each(['--log=~/deep/x.log', "--log '~/deep/x.log'"])('with %s means the home folder', async (flag) => {
    const result = await shell(`"$0" list ${flag}`);
    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining(`Logging all output to ${mac.home}/deep/x.log\n`) });
    expect(readdirSync(mac.home)).toEqual(['deep']);
    expect(readFileSync(join(mac.home, 'deep/x.log'), 'utf8')).toContain('NAME   STATUS   DEFAULT\n');
  });

  test.each(['~bob/x.log', '~bob'])('with %s is refused: nobody has looked up that home folder', async (file) => {
    const result = await mac.rusta(['list', `--log=${file}`]);
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("'~bob' stands for a home folder, but no shell") });
    expect(readdirSync(mac.home)).toEqual([]);
  });

  test('with - is refused: it is no file', async () => {
    expect(await mac.rusta(['list', '--log', '-'])).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("'-' is none") });
    expect(readdirSync(mac.home)).toEqual([]);
  });

  test('with a tilde elsewhere is a file of that name', async () => {
    for (const file of ['./~', 'a~', './-']) expect(await mac.rusta(['list', '--log', file])).toMatchObject({ code: 0 });
    expect(readdirSync(mac.home).sort()).toEqual(['-', 'a~', '~']);
  });
});

describe('bytes that are not UTF-8', () => {
  test.each([
    ['in a remote command', `ssh lab -- "$(printf 'echo caf\\351')"`],
    ['in a name', `up "$(printf '\\377')"`],
    ['behind a flag', `list --log "$(printf 'x\\200.log')"`],
  ])('%s are refused, not changed', async (_, line) => {
    await mac.addVm('lab', { running: true });
    const { code, stdout, stderr } = await shell(`"$0" ${line}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^\[error\] the argument '.*' is not UTF-8, and rusta would change it\n.*standard input.*\n$/);
    expect(mac.calls()).toEqual([]);
  });

  test('in HOME or TART_HOME: exit 1, nothing is made', async () => {
    for (const name of ['HOME', 'TART_HOME']) {
      const result = await shell(`${name}="$HOME/$(printf 'x\\351')" && export ${name} && "$0" list`);
      expect(result).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('in HOME or TART_HOME, is not UTF-8') });
    }
    expect(readdirSync(mac.home)).toEqual([]);
  });
});

describe('variables for Bun', () => {
  test.each([
    ['BUN_OPTIONS', '--smol'],
    ['BUN_INSPECT', 'ws://127.0.0.1:0/x'],
    ['BUN_JSC_useConcurrentGC', '1'],
  ])('%s is named in one warning, and not passed on', async (name, value) => {
    await mac.addVm('lab');
    const { code, stdout, stderr } = await mac.rusta(['up', 'lab'], { env: { [name]: value } });
    expect(code).toBe(0);
    expect(stdout).toContain("VM 'lab' is running");
    const said = stderr.split('\n').filter((line) => line.startsWith('['));
    expect(said).toEqual([`[warn] ${name}: meant for Bun, but rusta acts on it too, as it is made with Bun`]);
    for (const { env } of mac.calls()) expect(Object.keys(env ?? {})).not.toContain(name);
    const pid = readFileSync(ours(mac, 'run/lab.pid'), 'utf8').trim();
    if (existsSync(`/proc/${pid}/environ`)) expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toContain(name);
  });

  test('others of Bun say nothing', async () => {
    expect(await mac.rusta(['image', 'add', 'other'], { env: { BUN_INSTALL: '/x', BUN_OPTIONS: '' } })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });
});

const isRoot = process.getuid?.() === 0;
const setpriv = isRoot ? Bun.which('setpriv') : null;
const SOMEBODY = 12_345;

describe.skipIf(!isRoot)('sudo (needs root)', () => {
  test('rusta as root in the home of somebody else does nothing', async () => {
    chownSync(mac.home, SOMEBODY, SOMEBODY);
    for (const args of [['list'], ['source', 'add', 'ghcr.io/mine'], ['list', '--log', join(mac.home, 'x.log')]]) {
      const result = await mac.rusta(args);
      const stderr = `[error] rusta runs as root, but HOME is ${mac.home}, which belongs to somebody else\nRun it without sudo.\n`;
      expect(result).toMatchObject({ code: 1, stdout: '', stderr });
    }
    expect(readdirSync(mac.home)).toEqual([]);
    expect(await mac.rusta(['--help'])).toMatchObject({ code: 0 });
  });

  test.skipIf(setpriv === null)('what an earlier sudo left is named, with the command that takes it back', async () => {
    mkdirSync(ours(mac, 'run'), { recursive: true });
    for (const folder of ['', '.local', '.local/share']) chownSync(join(mac.home, folder), SOMEBODY, SOMEBODY);
    Bun.spawnSync(['chmod', 'a+rx', mac.root]);
    const script = `exec setpriv --reuid ${SOMEBODY} --regid ${SOMEBODY} --clear-groups "$0" source add ghcr.io/mine`;
    const { code, stderr } = await shell(script, { env: { PATH: `${mac.env['PATH']}:/usr/bin:/bin` } });
    const folder = join(mac.home, '.local/share/rusta');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `[error] ${folder} cannot be written: EPERM (permission denied)\nIt belongs to root, as after a run with sudo. Take it back: sudo chown -R "$(id -un)" ${folder}\n`,
    });
  });
});

test('a session on a terminal still gets its arguments as they are', async () => {
  await mac.addVm('lab', { running: true });
  await using terminal = openTerminal(mac, RUSTA, ['ssh', 'lab', '--', 'echo', 'grün', '日本']);
  await terminal.waitFor('grün 日本');
});

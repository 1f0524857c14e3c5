import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createMac, type Mac } from '../sandbox/mac.ts';

let mac: Mac;
let folder: string;
const sprung = () => existsSync(join(mac.root, 'sprung'));
beforeEach(async () => {
  mac = await createMac();
  folder = join(mac.root, 'trap');
  mkdirSync(join(folder, 'node_modules/citty'), { recursive: true });
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Programs of the current folder; each would be told by the file that it leaves. */
function plantPrograms(): void {
  for (const program of ['tart', 'uname', 'brew', 'ssh', 'sshpass', 'ps', 'docker']) {
    writeFileSync(join(folder, program), `#!/bin/sh\ntouch ${join(mac.root, 'sprung')}\n`);
    chmodSync(join(folder, program), 0o755);
  }
}

test('settings and modules of the current folder have no effect', async () => {
  const code = `require('node:fs').writeFileSync(${JSON.stringify(join(mac.root, 'sprung'))}, '')`;
  for (const name of ['.env', '.env.local', '.env.production', '.env.development']) {
    writeFileSync(join(folder, name), 'HOME=/nowhere\nPATH=/nowhere\nCLICOLOR_FORCE=1\nBUN_OPTIONS=--help\nRUSTA_IP_TIMEOUT=soon\n');
  }
  writeFileSync(join(folder, 'bunfig.toml'), 'preload = ["./trap.js"]\n[run]\nshell = "bun"\n');
  writeFileSync(join(folder, 'package.json'), '{"type": "commonjs", "main": "trap.js", "imports": {"#x": "./trap.js"}}');
  writeFileSync(join(folder, 'tsconfig.json'), '{"compilerOptions": {"paths": {"*": ["./trap.js"]}}}');
  for (const name of ['trap.js', 'index.js', 'node_modules/citty/index.js']) writeFileSync(join(folder, name), code);
  await mac.addVm('lab', { running: true });
  expect(await mac.rusta(['ip', 'lab'], { cwd: folder })).toMatchObject({ code: 0, stdout: expect.stringMatching(/^127\./), stderr: '' });
  expect(await mac.rusta(['source'], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^ghcr\.io\/cirruslabs\n/),
    stderr: '',
  });
  expect((await mac.rusta(['--help'], { cwd: folder })).stdout).not.toContain('\x1b');
  expect(sprung()).toBe(false);
});

describe('a control.sock of the current folder stays, whatever Tart removes', () => {
  test.each(['up lab', 'docker-setup lab', 'create new'])('%s', async (line) => {
    await mac.addVm('lab');
    writeFileSync(join(folder, 'control.sock'), 'mine');
    expect(await mac.rusta(line.split(' '), { cwd: folder })).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'control.sock'), 'utf8')).toBe('mine');
  });
  test('and a relative TART_HOME is still the one of the current folder', async () => {
    await mac.addVm('lab');
    expect(await mac.rusta(['up', 'lab'], { cwd: folder, env: { TART_HOME: relative(folder, mac.tartHome) } })).toMatchObject({ code: 0 });
    expect(mac.vm('lab').isRunning).toBe(true);
  });
});

describe('programs of the current folder', () => {
  const PATHS: Record<string, (path: string) => string> = {
    'are not looked for': (path) => path,
    'are not meant by an empty entry of PATH': (path) => `:${path}::`,
    'come last where PATH says so': (path) => `${path}:.`,
  };
  test.each(Object.keys(PATHS))('%s', async (what) => {
    plantPrograms();
    await mac.addVm('lab', { running: true });
    const env = { PATH: PATHS[what]?.(mac.env['PATH'] ?? '') };
    expect(await mac.rusta(['ssh', 'lab', '--', 'echo', 'ok'], { cwd: folder, env })).toMatchObject({ code: 0, stdout: 'ok\n' });
    expect(sprung()).toBe(false);
  });
  test('without a PATH nothing is found', async () => {
    plantPrograms();
    for (const PATH of ['', undefined]) {
      const result = await mac.rusta(['list'], { cwd: folder, env: { PATH } });
      expect(result).toMatchObject({ code: 1, stderr: "[error] 'uname' is not installed or not on PATH\n" });
    }
    expect(sprung()).toBe(false);
  });
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac } from '../sandbox/mac.ts';

let mac: Mac;
let trap: string;
const sprung = () => existsSync(join(mac.root, 'sprung'));
beforeAll(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  trap = join(mac.root, 'trap.js');
  writeFileSync(trap, `require('node:fs').writeFileSync(${JSON.stringify(join(mac.root, 'sprung'))}, '');`);
  // A program that keeps what it was given.
  rmSync(join(mac.bin, 'uname'));
  writeFileSync(join(mac.bin, 'uname'), `#!/bin/sh\nenv > ${join(mac.root, 'env')}\necho arm64\n`, { mode: 0o755 });
});
afterAll(() => mac[Symbol.asyncDispose]());

const childEnvironment = () =>
  readFileSync(join(mac.root, 'env'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !/^(_|PWD|OLDPWD|SHLVL)=/.test(line));

test('programs get the environment of rusta, and nothing that rusta sets for itself', async () => {
  for (const extra of [{}, { NO_COLOR: '' }, { NO_COLOR: 'yes' }, { FORCE_COLOR: '1', CI: 'x', NODE_ENV: 'test' }]) {
    await mac.rusta(['list'], { env: { TRACEPARENT: '00-1-2-3', ...extra } });
    expect(childEnvironment().sort()).toEqual(
      Object.entries({ ...mac.env, ...extra })
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  }
});

/** Variables that make other JavaScript programs load code or wait for a debugger: nothing for a compiled one. */
const HARMLESS: Record<string, () => string> = {
  NODE_OPTIONS: () => `--require ${trap}`,
  NODE_PATH: () => mac.root,
  BUN_INSPECT_PRELOAD: () => trap,
  BUN_CONFIG_PRELOAD: () => trap,
  BUN_INSPECT_CONNECT_TO: () => `unix://${join(mac.root, 'nobody')}`,
  NODE_ENV: () => 'test',
  DEBUG: () => '*',
};

test.each(Object.keys(HARMLESS))('%s changes nothing', async (name) => {
  const result = await mac.rusta(['ip', 'lab'], { env: { [name]: HARMLESS[name]?.() } });
  expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/^127\.[\d.]+\n$/), stderr: '' });
  expect(sprung()).toBe(false);
});

test("BUN_OPTIONS and BUN_BE_BUN are the runtime's own: who sets them for rusta decides what it runs, as with PATH", async () => {
  expect(await mac.rusta(['--version'], { env: { BUN_BE_BUN: '1' } })).toMatchObject({ code: 0, stdout: `${Bun.version}\n` });
  await mac.rusta(['--version'], { env: { BUN_OPTIONS: `--preload ${trap}` } });
  expect(sprung()).toBe(true);
  rmSync(join(mac.root, 'sprung'));
});

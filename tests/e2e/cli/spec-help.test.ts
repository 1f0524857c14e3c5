import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import packageJson from '../../../package.json' with { type: 'json' };
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { LEAVES, WORDS } from '../../unit/cli/leaves.ts';
import { commands } from '../state.ts';

let mac: Mac;
beforeAll(async () => {
  mac = await createMac();
});
afterAll(() => mac[Symbol.asyncDispose]());

test('rusta without arguments prints the top-level help and ends with 0 (spec 10, item 1)', async () => {
  const help = await mac.rusta([]);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toStartWith('Usage: rusta <command>');
  for (const args of [['--help'], ['-h'], ['help']]) expect(await mac.rusta(args)).toEqual(help);
});

test.each([...WORDS, ...LEAVES.map(([words]) => words).filter((words) => words.includes(' '))])(
  'rusta %s --help explains the command and ends with 0 (spec 10, item 2)',
  async (name) => {
    const words = name.split(' ');
    const help = await mac.rusta([...words, '--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toStartWith(`Usage: rusta ${name}`);
    expect(await mac.rusta([...words, '-h'])).toEqual(help);
    expect(await mac.rusta(['help', ...words])).toEqual(help);
  },
);

test('the version is that of package.json', async () => {
  for (const flag of ['--version', '-V', 'version']) {
    expect(await mac.rusta([flag])).toMatchObject({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  }
});

test("'version' takes the global flags, and no words", async () => {
  expect(JSON.parse((await mac.rusta(['version', '--json'])).stdout)).toMatchObject({ result: { version: packageJson.version } });
  expect((await mac.rusta(['version', '--help'])).stdout).toStartWith('Usage: rusta <command>');
  expect(await mac.rusta(['version', 'lab'])).toMatchObject({ code: 1, stderr: expect.stringContaining("unknown command 'lab'") });
});

test("'completion' is led to 'completions'", async () => {
  const { code, stderr } = await mac.rusta(['completion', 'zsh']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "[error] unknown command 'completion'\nDid you mean 'completions'? Run 'rusta --help'.\n",
  });
});

test('help and version start no program and need no home', async () => {
  expect(await mac.rusta(['--help'], { env: { HOME: undefined, PATH: '' } })).toMatchObject({ code: 0, stderr: '' });
  expect(commands(mac, 'uname')).toEqual([]);
});

describe('colour is for terminals', () => {
  test.each([
    [{}, false],
    [{ CLICOLOR_FORCE: '1' }, true],
    [{ CLICOLOR_FORCE: '1', NO_COLOR: '1' }, false],
    [{ CI: 'true' }, false],
  ] as [Record<string, string>, boolean][])('piped, with %p: %p', async (env, colored) => {
    expect((await mac.rusta(['--help'], { env })).stdout.includes('\u001b[')).toBe(colored);
  });
});

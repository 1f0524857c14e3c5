import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TART } from '../../../src/tools/homebrew/brew.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';

const README = readFileSync(join(import.meta.dir, '..', '..', '..', 'README.md'), 'utf8');
/** Its lines of code, up to the first that is not about Homebrew. */
const LINES = (/^## Install\n(.*?)^By hand/ms.exec(README)?.[1] ?? '').split('\n').filter((line) => line.startsWith('    '));
const TRUST = 'brew trust pallewela/rusta';
/** What a runner of CI is told to do where there is no rusta. */
const IN_CI = /- run: (command -v rusta .*)/.exec(README)?.[1] ?? '';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac({ without: ['tart'] });
});
afterEach(() => mac[Symbol.asyncDispose]());

/** Runs lines as a user types them; stops at the first that fails. */
async function type(lines: readonly string[]) {
  for (const line of lines) expect(await mac.run('sh', ['-c', line])).toMatchObject({ code: 0 });
}
const isInstalled = (program: string) => existsSync(join(mac.bin, program));

test('the README has lines to type', () => {
  expect(LINES.map((line) => line.trim().split(' ').slice(0, 2).join(' '))).toEqual(['brew tap', 'brew install']);
  expect(README).toContain(`\`${TRUST}\``);
});

describe.each(['7.0.2', '6.0.1', '5.1.0'])('with Homebrew %s', (version) => {
  beforeEach(() => mac.configure({ brew: { version } }));

  test('the lines of the README install rusta', async () => {
    await type(LINES);
    expect(isInstalled('rusta')).toBe(true);
  });

  test('so does the line for a runner of CI, which does nothing a second time', async () => {
    await type([IN_CI]);
    expect(isInstalled('rusta')).toBe(true);
    const before = mac.calls('brew').length;
    expect(before).toBeGreaterThan(0);
    await type([IN_CI]);
    expect(mac.calls('brew')).toHaveLength(before);
  });

  test.skipIf(version.startsWith('5'))('a tap that is trusted as the README says gives it by its short name', async () => {
    await type([LINES[0] ?? '', TRUST, 'brew install rusta']);
    expect(isInstalled('rusta')).toBe(true);
  });

  test('what the error about a missing tart says to type installs it', async () => {
    const commands = [...TART.hint.matchAll(/'(brew [^']+)'/g)].map(([, command]) => command ?? '');
    expect(commands).toHaveLength(2);
    await type(commands);
    expect(isInstalled('tart')).toBe(true);
  });
});

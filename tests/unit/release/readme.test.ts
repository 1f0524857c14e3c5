import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dir, '../../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const INSTALL = /^## Install\n(.*?)^## /ms.exec(README)?.[1] ?? '';
/** Apple's names for what the formula asks for. */
const MACOS: Readonly<Record<string, number>> = { ventura: 13, sonoma: 14, sequoia: 15, tahoe: 26 };

test('the README asks for the macOS that the formula asks for', () => {
  const [, name = ''] = /depends_on macos: :(\w+)/.exec(readFileSync(join(ROOT, 'Formula/rusta.rb'), 'utf8')) ?? [];
  expect(MACOS[name]).toBeGreaterThan(0);
  expect(INSTALL).toContain(`macOS ${MACOS[name]} or newer`);
});

// macOS kills a program that was overwritten in place; Apple's `install` writes a new file.
test('whoever puts the program into a folder by hand puts a new file there', () => {
  const commands = [...INSTALL.matchAll(/`([^`\n]+)`|^ {4}(.+)$/gm)].map(([, span, line]) => span ?? line ?? '');
  const placing = commands.filter((command) => / \S*rusta \S*\/bin\//.test(command));
  expect(placing.length).toBeGreaterThan(1);
  expect(placing.filter((command) => !command.startsWith('install -m 755 '))).toEqual([]);
});

test.each([
  [
    'the quarantine is taken from a program only that has one',
    INSTALL,
    /^If macOS refuses to open it, .*`xattr -d com\.apple\.quarantine rusta`/m,
  ],
  [
    'who runs rusta from launchd is told where its permission comes from',
    README,
    /macOS may block it.*Agents of launchd.*TN3179.*Tart's FAQ/,
  ],
])('%s', (_what, text, words) => {
  expect(text).toMatch(words);
});

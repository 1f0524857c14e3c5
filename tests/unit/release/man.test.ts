import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualPages } from '../../../src/release/man.ts';
import { LEAVES, WORDS } from '../cli/leaves.ts';

const pages = await manualPages({ version: '1.2.3', date: '2026-11-23', repository: 'https://example.org/rusta' });
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rusta-man-'));
  for (const [name, text] of pages) writeFileSync(join(folder, name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

test('one page for rusta, and one for each command', () => {
  expect([...pages.keys()]).toEqual(['rusta.1', ...WORDS.map((name) => `rusta-${name}.1`)]);
});

test('each argument and example of each command is on its page', async () => {
  for (const [words, leaf] of LEAVES) {
    const page = unescaped(pages.get(`rusta-${words.split(' ')[0]}.1`) ?? '');
    const { args, examples } = await leaf.load();
    for (const def of Object.values(args)) expect(page).toContain(def.description);
    for (const [line] of examples) expect(page).toContain(line);
  }
});

/** The page as one line, as a reader sees it. */
function unescaped(page: string): string {
  const read: Readonly<Record<string, string>> = {
    '\\-': '-',
    '\\(aq': "'",
    '\\(ti': '~',
    '\\(dq': '"',
    '\\(ga': '`',
    '\\(ha': '^',
    '\\e': '\\',
  };
  return page.replace(/\\(?:-|e|\(..)/g, (written) => read[written] ?? written).replaceAll('\n', ' ');
}

const FORMATTERS = [
  ['mandoc', ['-T', 'lint']],
  ['man', ['--warnings', '--encoding=UTF-8', '-l']],
] as const;

describe.each(FORMATTERS)('%s', (program, options) => {
  // The man of macOS is mandoc under another name, without these options.
  test.skipIf(Bun.which(program) === null || (program === 'man' && process.platform !== 'linux'))(
    'has nothing to say against any page',
    () => {
      for (const name of pages.keys()) {
        const { stdout, stderr, exitCode } = Bun.spawnSync([program, ...options, join(folder, name)], {
          env: { ...process.env, MANPAGER: 'cat' },
        });
        expect({ name, exitCode, stderr: stderr.toString() }).toEqual({ name, exitCode: 0, stderr: '' });
        if (program === 'mandoc') expect(stdout.toString()).toBe('');
      }
    },
  );
});

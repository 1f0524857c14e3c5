import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/steps.ts';

/** Names of a Mac's libraries in a source, behind either kind of quotation mark. */
const librariesIn = (text: string) => [...text.matchAll(/['"`]([^'"`\s]*\.dylib)['"`]/g)].map(([, name = '']) => name);

// macOS looks for a name without a folder in the current folder first: a repository that somebody cloned could bring code into rusta.
test('when a library of macOS is loaded, then by its whole path', () => {
  const files = ['src/**/*.ts', 'tests/sandbox/**/*.ts'].flatMap((pattern) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT })]);
  const named = files.flatMap((file) => librariesIn(readFileSync(join(ROOT, file), 'utf8')).map((name) => [file, name] as const));
  expect(named.length).toBeGreaterThan(1);
  expect(named.filter(([, name]) => !name.startsWith('/'))).toEqual([]);
});

test('a name without its folder is found', () => {
  expect(librariesIn(`dlopen('libSystem.B.dylib'); dlopen("/usr/lib/a.dylib")`)).toEqual(['libSystem.B.dylib', '/usr/lib/a.dylib']);
});

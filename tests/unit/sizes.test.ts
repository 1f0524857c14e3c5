import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bounds of docs/CONTRIBUTING.md. */
const MAX_LINES = 180;
const MAX_FILES = 14;
const ROOT = join(import.meta.dir, '../..');
const filesOf = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());

test('no file is longer than is read at a glance', () => {
  const files = [...filesOf('src'), ...filesOf('tests')];
  const lines = files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8').split('\n').length - 1] as const);
  expect(lines.filter(([, count]) => count > MAX_LINES)).toEqual([]);
});

test('no folder of src or of the end-to-end tests holds more files than are seen at a glance', () => {
  const folders = Map.groupBy([...filesOf('src'), ...filesOf('tests/e2e')], ({ parentPath }) => parentPath);
  expect([...folders].map(([folder, of]) => [folder, of.length] as const).filter(([, count]) => count > MAX_FILES)).toEqual([]);
});

import { expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILURES, failureRows } from '../../../src/contract/failures.ts';
import { RESULTS } from '../../../src/contract/results.ts';
import { schemaText } from '../../../src/contract/schema.ts';
import { LEAVES } from '../cli/leaves.ts';

const ROOT = join(import.meta.dir, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

test('docs have the schema that the program has (bun tests/scripts/schema.ts)', () => {
  expect(read('docs/rusta.schema.json')).toBe(`${schemaText()}\n`);
});

test('docs have every code, with its exit code and its meaning', () => {
  const [, table = ''] = read('docs/json.md').split('| --- | --- | --- |\n');
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(failureRows().map(([code, exit, meaning]) => `| \`${code}\` | ${exit} | ${meaning} |`));
});

test('every code of the list is used, and no other', () => {
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const text = sources
    .filter((file) => !file.startsWith('contract/'))
    .map((file) => read(`src/${file}`))
    .join('\n');
  for (const code of Object.keys(FAILURES)) expect(text).toContain(`'${code}'`);
  const made = [...text.matchAll(/new RustaError\(\s*'(\w+)'/g)].map(([, code]) => code ?? '');
  expect(made.length).toBeGreaterThan(50);
  expect(made.filter((code) => !Object.hasOwn(FAILURES, code))).toEqual([]);
});

test('every command has a result, but those that refuse --json', async () => {
  const named = await Promise.all(LEAVES.map(async ([words, leaf]) => [words, (await leaf.load()).document] as const));
  const expected = named.filter(([, document]) => document !== 'none').map(([words]) => words);
  expect(Object.keys(RESULTS).toSorted()).toEqual([...expected, 'help', 'version'].toSorted());
});

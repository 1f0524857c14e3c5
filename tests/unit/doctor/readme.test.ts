import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rows } from '../../scripts/troubleshooting.ts';

const README = readFileSync(join(import.meta.dir, '../../..', 'README.md'), 'utf8');

test('README tells what doctor finds (bun tests/scripts/troubleshooting.ts writes it)', () => {
  const [, table = ''] = README.split('| | what `rusta doctor` finds | what to type |\n| --- | --- | --- |\n');
  expect(table.split('\n\n')[0]?.trimEnd().split('\n')).toEqual(rows());
});

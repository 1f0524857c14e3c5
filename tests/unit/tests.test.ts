import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/steps.ts';

// Their types do not say that they are promises, so that no rule of the linter finds one that nobody waits for.
test('when a test expects something of a promise, then it waits for it', () => {
  const files = [...new Bun.Glob('tests/**/*.ts').scanSync({ cwd: ROOT })].sort();
  const careless = files.flatMap((file) => {
    const found = readFileSync(join(ROOT, file), 'utf8').match(/^\s*expect\([^;]*\)\s*\.(rejects|resolves)\b.*/gm);
    return found === null ? [] : [{ file, found }];
  });
  expect(careless).toEqual([]);
  expect(files.length).toBeGreaterThan(200);
});

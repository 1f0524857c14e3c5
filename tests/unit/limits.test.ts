import { expect, test } from 'bun:test';
import { measureBlock } from '../faults/limits.ts';

test("what 'ulimit -f' counts in is asked of the shell: bash, which is sh on a Mac, takes other blocks than POSIX", () => {
  expect(measureBlock('bash')).toBe(1_024);
  expect([512, 1_024]).toContain(measureBlock('sh'));
});

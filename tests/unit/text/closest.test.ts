import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { closest, editDistance } from '../../../src/text/closest.ts';

test('near words are found, far ones are not', () => {
  expect(closest('creat', ['create', 'delete'])).toBe('create');
  expect(closest('UPP', ['up', 'down'])).toBe('up');
  expect(closest('lba', ['lab', 'prod'])).toBe('lab');
  expect(closest('constructor', ['create', 'default'])).toBeUndefined();
  expect(closest('x', [])).toBeUndefined();
  for (const letter of ['u', '-g', '--f']) expect(closest(letter, ['up', '-f', '--force', 'u2'])).toBeUndefined();
});

test('the distance is 0 for equal words only, the same both ways, and at most the longer length', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const distance = editDistance(a, b);
      return distance === editDistance(b, a) && (distance === 0) === (a === b) && distance <= Math.max(a.length, b.length);
    }),
  );
});

import { expect, test } from 'bun:test';
import { wrap } from '../../../src/text/wrap.ts';

test.each([
  ['', ['']],
  ['one', ['one']],
  ['one two', ['one two']],
  ['one two three', ['one two', 'three']],
  ['a-long-word b', ['a-long-word', 'b']],
  ['b a-long-word', ['b', 'a-long-word']],
  ['1\n\n2', ['1', '', '2']],
])('%j within seven columns', (text, lines) => {
  expect(wrap(text, 7)).toEqual(lines);
});

import { expect, test } from 'bun:test';
import { nextLink } from '../../../src/tools/registry.ts';

test.each([
  ['</v2/a/tags/list?last=b>; rel="next"', '/v2/a/tags/list?last=b'],
  ['</a>; rel=next', '/a'],
  ['</a>; REL=NEXT; title="x"', '/a'],
  ['</a>; rel="prev", </b>; rel="next"', '/b'],
  ['</a>; rel="nextfoo"', undefined],
  ['</a>; rel=next-archive', undefined],
  ['</a>; rel="prev"', undefined],
  ['', undefined],
])('the next page of %p is %p', (header, target) => {
  expect(nextLink(header)).toBe(target);
});

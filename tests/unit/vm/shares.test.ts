import { expect, test } from 'bun:test';
import { UsageError } from '../../../src/errors.ts';
import { formatShare, parseShare, type ShareRequest } from '../../../src/vm/shares.ts';

const request = (host: string, guest?: string, readOnly = false): ShareRequest => ({ host, guest, readOnly });

test.each<[string, ShareRequest]>([
  ['src', request('src')],
  ['src:ro', request('src', undefined, true)],
  ['/a/b:/srv/x', request('/a/b', '/srv/x')],
  ['/a/b:/srv/x/:ro', request('/a/b', '/srv/x', true)],
  ['a:b', request('a:b')],
  ['/a:/b:/srv/x', request('/a:/b', '/srv/x')],
  ['/a b,ro:/srv/c d', request('/a b,ro', '/srv/c d')],
  ['x:/mnt/./y/../z', request('x', '/mnt/z')],
  ['x:/home/admin/src', request('x', '/home/admin/src')],
])('%j', (text, expected) => {
  expect(parseShare(text)).toEqual(expected);
});

test.each(['', ':ro', ':/mnt/x', 'x:/', 'x://', 'x:/etc', 'x:/mnt/../home', 'x\n:/mnt/x', '\x1b[31mx'])('%j is refused', (text) => {
  expect(() => parseShare(text)).toThrow(UsageError);
});

test('what is written down is read again as it was', () => {
  for (const share of [
    { host: '/Users/me/src', guest: '/mnt/src', readOnly: false },
    { host: '/Users/me/a:b:ro', guest: '/mnt/a:b', readOnly: true },
    request('src', undefined, true),
    // As of `--share lab:ro/`, or of a link to it.
    { host: '/Users/me/lab:ro', guest: '/mnt/lab:ro', readOnly: false },
    { host: '/Users/me/lab:ro', guest: '/mnt/lab:ro', readOnly: true },
  ]) {
    expect(parseShare(formatShare(share))).toEqual(share);
  }
});

import { describe, expect, test } from 'bun:test';
import { checkReference, checkVersion, imageReference, suggestedVmName } from '../../../src/images/reference.ts';

test('the default image of a version, and the name suggested for it', () => {
  expect(imageReference('ghcr.io/cirruslabs', 'ubuntu', '22.04')).toBe('ghcr.io/cirruslabs/ubuntu:22.04');
  expect(suggestedVmName('ubuntu', '22.04')).toBe('ubuntu-2204');
  expect(suggestedVmName('ubuntu-desktop', '24.04')).toBe('ubuntu-desktop-2404');
});

describe('what is no version or reference is refused', () => {
  test.each(['', '-1', 'a b', '24.04;ls', '../x', 'a'.repeat(129)])('version %p', (version) => {
    expect(() => checkVersion(version)).toThrow(`'${version}' is not a version`);
  });
  test.each(['', 'ubuntu', 'lab', '-x/y', 'ghcr.io/', 'ghcr.io/a:b c', 'ghcr.io/a/b:', 'http://ghcr.io/a/b'])(
    'reference %p',
    (reference) => {
      expect(() => checkReference(reference)).toThrow('is not an image reference');
    },
  );
  test.each(['ghcr.io/cirruslabs/ubuntu:24.04', 'localhost:5000/a/b', `ghcr.io/a/b@sha256:${'a'.repeat(64)}`])('%p is one', (reference) => {
    expect(checkReference(reference)).toBe(reference);
  });
});

import { expect, test } from 'bun:test';
import { isOlder } from '../../../src/doctor/version.ts';

test.each([
  ['2.30.5', '2.30.6', true],
  ['2.30.6', '2.30.6', false],
  ['2.9.0', '2.30.6', true],
  ['2.36', '2.36.0', false],
  ['13.7.2', '14', true],
  ['14', '14', false],
  ['26.1', '15', false],
  ['2.36.0-beta', '2.36.1', true],
  ['SNAPSHOT', '2.30.6', false],
])('%s before %s: %p', (version, other, expected) => expect(isOlder(version, other)).toBe(expected));

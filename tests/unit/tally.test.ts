import { expect, test } from 'bun:test';
import { add, closingLine, readJunit } from '../scripts/tally.ts';

test('a report is counted, skipped tests are not', () => {
  expect(readJunit('<?xml?>\n<testsuites name="bun test" tests="12" assertions="3" failures="2" skipped="1" time="1">')).toEqual({
    passed: 9,
    failed: 2,
  });
});

test('a report of nothing is a failure', () => {
  expect(readJunit('')).toEqual({ passed: 0, failed: 1 });
  expect(readJunit('<testsuites tests="0" failures="0" skipped="0">')).toEqual({ passed: 0, failed: 1 });
  expect(readJunit('<testsuites tests="3" failures="0" skipped="3">')).toEqual({ passed: 0, failed: 1 });
});

test('suites add up to one line', () => {
  expect(closingLine(add({ passed: 1, failed: 0 }, { passed: 2, failed: 3 }))).toBe('3 passed, 3 failed');
});

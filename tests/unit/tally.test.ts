import { expect, test } from 'bun:test';
import { readCases, readJunit } from '../scripts/junit.ts';
import { add, closingLine, duration } from '../scripts/tally.ts';

test('when a report is read, then its tests are counted, but those that were skipped are not', () => {
  expect(readJunit('<?xml?>\n<testsuites name="bun test" tests="12" assertions="3" failures="2" skipped="1" time="1">')).toEqual({
    passed: 9,
    failed: 2,
  });
});

test('when a report tells of no test, then that is a failure', () => {
  expect(readJunit('')).toEqual({ passed: 0, failed: 1 });
  expect(readJunit('<testsuites tests="0" failures="0" skipped="0">')).toEqual({ passed: 0, failed: 1 });
  expect(readJunit('<testsuites tests="3" failures="0" skipped="3">')).toEqual({ passed: 0, failed: 1 });
});

test('when a report is read for its tests, then each has the name that a reader would look for, and its end', () => {
  const report = `<testsuites tests="5" failures="1" skipped="1"><testsuite name="a.test.ts" file="a.test.ts">
    <testcase name="says &quot;&lt;x&gt; &amp;amp;&quot;&#10;twice" classname="" time="0" file="a.test.ts" line="1" assertions="1" />
    <testsuite name="a group"><testcase name="fails" classname="a group" time="0" file="a.test.ts">
      <failure type="AssertionError" message="1 &gt; 2">1 &gt; 2&#10;</failure>
    </testcase>
    <testcase name="waits" classname="a group" file="a.test.ts"><skipped /></testcase></testsuite>
    <testcase name="again" classname="" file="a.test.ts" /><testcase name="again" classname="" file="a.test.ts" />
  </testsuite></testsuites>`;
  expect(readCases(report)).toEqual([
    { name: 'a.test.ts > says "<x> &amp;"\ntwice', end: 'passed' },
    { name: 'a.test.ts > a group > fails', end: 'failed' },
    { name: 'a.test.ts > a group > waits', end: 'skipped' },
    { name: 'a.test.ts > again', end: 'passed' },
    { name: 'a.test.ts > again (2)', end: 'passed' },
  ]);
});

test('when suites end, then their counts add up to one line', () => {
  expect(closingLine(add({ passed: 1, failed: 0 }, { passed: 2, failed: 3 }))).toBe('3 passed, 3 failed');
});

test.each([
  [400, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [754_000, '12 min 34 s'],
])('when something took %d ms, then that reads %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

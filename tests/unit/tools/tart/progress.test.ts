import { expect, test } from 'bun:test';
import { pullDetail, readPullLine } from '../../../../src/tools/tart/progress.ts';

test('a download as Tart prints it with CI set', () => {
  const lines = [
    'pulling manifest...',
    'waiting for lock...',
    'pulling disk (0.6 GB compressed)...',
    '0%',
    '42%',
    '100%',
    'pulling NVRAM...',
  ];
  expect(lines.map(pullDetail())).toEqual([
    'pulling manifest...',
    'waiting for lock...',
    '0% of 0.6 GB',
    '0% of 0.6 GB',
    '42% of 0.6 GB',
    '100% of 0.6 GB',
    'pulling NVRAM...',
  ]);
});

test.each(['42', '1000%', 'x 42%', 'Error pulling disk layer 3: "…", attempting to re-try...'])('%s is no percentage', (line) => {
  expect(readPullLine(line)).toEqual({ kind: 'other', text: line });
});

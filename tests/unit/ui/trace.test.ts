import { expect, test } from 'bun:test';
import { createTrace } from '../../../src/ui/trace.ts';

function record() {
  const lines: string[] = [];
  let now = 0;
  const started = createTrace({ trace: (line) => lines.push(line) }, { now: () => now });
  const run = (line: string, ending: string, ms = 40) => {
    const [program = '', ...args] = line.split(' ');
    const ended = started({ program, args });
    now += ms;
    ended(ending);
  };
  return { lines, run, started };
}

test('each program has a line when it starts, and one with its exit code and time', () => {
  const { lines, run } = record();
  run('uname -m', 'exit 0');
  run("tart exec it's", 'exit 1', 1_250);
  expect(lines).toEqual([
    '+ uname -m',
    '  exit 0 after 0.04 s: uname -m',
    "+ tart exec 'it'\\''s'",
    "  exit 1 after 1.25 s: tart exec 'it'\\''s'",
  ]);
});

test('a poll is told twice, then when its end is another one, with how often', () => {
  const { lines, run } = record();
  for (let n = 0; n < 50; n += 1) run('tart exec lab true', n === 30 ? 'timed out' : 'exit 1');
  run('tart exec lab true', 'exit 0');
  run('tart ip lab', 'exit 0');
  expect(lines).toEqual([
    ...Array.from({ length: 2 }, () => ['+ tart exec lab true', '  exit 1 after 0.04 s: tart exec lab true']).flat(),
    '  the same 28 times more: tart exec lab true',
    '  timed out after 0.04 s: tart exec lab true',
    ...Array.from({ length: 2 }, () => ['+ tart exec lab true', '  exit 1 after 0.04 s: tart exec lab true']).flat(),
    '  the same 17 times more: tart exec lab true',
    '  exit 0 after 0.04 s: tart exec lab true',
    '+ tart ip lab',
    '  exit 0 after 0.04 s: tart ip lab',
  ]);
});

test('polls that take turns are told twice each', () => {
  const { lines, run } = record();
  for (let n = 0; n < 20; n += 1) {
    run('tart ip lab', 'exit 1');
    run('tart ip lab --resolver agent', 'exit 1');
  }
  run('ssh x', 'exit 0');
  expect(lines.filter((line) => line.startsWith('+'))).toHaveLength(5);
  expect(lines.slice(-4)).toEqual([
    '  the same 18 times more: tart ip lab',
    '  the same 18 times more: tart ip lab --resolver agent',
    '+ ssh x',
    '  exit 0 after 0.04 s: ssh x',
  ]);
});

test('a poll that rusta itself has ended is not news', () => {
  const { lines, run } = record();
  for (let n = 0; n < 5; n += 1) run('tart exec lab true', 'exit 1');
  run('tart exec lab true', 'stopped');
  expect(lines).toHaveLength(4);
});

test('the same program later is news again', () => {
  const { lines, run } = record();
  run('tart list', 'exit 0');
  run('tart stop lab', 'exit 0');
  run('tart list', 'exit 0');
  expect(lines.filter((line) => line === '+ tart list')).toHaveLength(2);
});

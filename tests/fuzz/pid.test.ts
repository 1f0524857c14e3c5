import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { createPaths } from '../../src/state/paths.ts';
import { createPidFiles } from '../../src/state/pid.ts';
import { isTartRun } from '../../src/tools/tart/process.ts';
import { anyWord, check, mutated } from './fuzz.ts';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'rusta-fuzz-'));
});
afterAll(() => rmSync(home, { recursive: true }));

const number = fc.oneof(fc.integer({ min: -3, max: 70_000 }), fc.integer(), fc.maxSafeNat(), fc.double()).map(String);
const digits = fc.constantFrom(
  '0',
  '00',
  '+',
  '-',
  '.',
  'e3',
  '0x',
  '_',
  ' ',
  '\n',
  '\r\n',
  '\0',
  '\ufeff',
  '\u0661',
  '\u00a0',
  '99999999999',
);
const content = fc.oneof(number, mutated(number, fc.oneof(digits, anyWord)), fc.string({ unit: 'binary', maxLength: 12 }));
const bytes = fc.oneof(
  { weight: 4, arbitrary: content.map((text) => Buffer.from(text)) },
  fc.uint8Array({ maxLength: 12 }).map((array) => Buffer.from(array)),
);

test('a pid file gives one whole number above 1 that stands in it, or nothing', () => {
  const paths = createPaths({ HOME: home });
  const pids = createPidFiles(paths);
  mkdirSync(dirname(paths.pid('lab')), { recursive: true });
  let found = 0;
  check('pid files', bytes, (written) => {
    writeFileSync(paths.pid('lab'), written);
    const pid = pids.read('lab');
    if (pid === undefined) return;
    found += 1;
    expect(Number.isSafeInteger(pid) && pid > 1).toBe(true);
    expect(written.toString('utf8').trim()).toBe(String(pid));
  });
  expect(found).toBeGreaterThan(500);
});

test('what is written is read', () => {
  const pids = createPidFiles(createPaths({ HOME: home }));
  check(
    'pids',
    fc.integer({ min: 2, max: 4_194_304 }),
    (pid) => {
      pids.write('lab', pid);
      expect(pids.read('lab')).toBe(pid);
    },
    300,
  );
});

const word = fc.oneof(fc.constantFrom('tart', 'run', '--no-graphics', 'lab', '/opt/a b/tart', 'sh', 'lab2', 'tart-run', '-'), anyWord);

test('a command line is taken for a run of a VM only if it says `tart run` and then the name', () => {
  check('command lines of processes', fc.tuple(fc.array(word, { maxLength: 8 }), fc.constantFrom(' ', '\t', '  ')), ([words, gap]) => {
    const line = words.join(gap);
    if (!isTartRun(line, 'lab')) return;
    expect(line).toMatch(/(^|[\s/])tart\s+run\s+(.*\s)?lab(\s|$)/s);
  });
});

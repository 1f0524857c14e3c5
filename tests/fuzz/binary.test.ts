import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { UNWORDED } from '../e2e/rusta.ts';
import { ours, writeState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { eachOf } from '../security/hostile.ts';
import { anyWord, mutated, sample } from './fuzz.ts';
import { stateText } from './state-arbitrary.ts';

/** Each is a process with children of its own. */
const RUNS = 150;

const macs: Mac[] = [];
beforeAll(async () => {
  for (let count = 0; count < 3; count += 1) {
    const mac = await createMac();
    await mac.addVm('lab');
    macs.push(mac);
  }
});
afterAll(async () => {
  for (const mac of macs) await mac[Symbol.asyncDispose]();
});

/** Tries every input on a Mac that nobody else uses meanwhile. */
async function onMacs<T>(inputs: readonly T[], work: (mac: Mac, input: T) => Promise<void>): Promise<void> {
  const idle = [...macs];
  await eachOf(
    inputs,
    async (input) => {
      const mac = idle.pop();
      if (mac === undefined) throw new Error('no Mac is idle');
      try {
        await work(mac, input);
      } catch (error) {
        throw new Error(`with ${JSON.stringify(input)}`, { cause: error });
      }
      idle.push(mac);
    },
    macs.length,
  );
}

function expectClear({ code, signal, stdout, stderr }: RunResult): void {
  expect({ signal, known: code === 0 || code === 1 || code === 2 }).toEqual({ signal: null, known: true });
  // `default` without one answers so, and ends with 1 (D2).
  const errors = code === 0 || stdout === 'no default set\n' ? 0 : 1;
  expect(stderr.match(/^\[error\] /gm)?.length ?? 0).toBe(errors);
  expect(stderr).not.toMatch(UNWORDED);
}

const text = anyWord.filter((word) => !word.includes('\0'));
/** What starts no VM and asks no registry, so that what counts is the line. */
const words = fc.constantFrom(
  'list',
  'ip',
  'default',
  'down',
  'source',
  'image',
  'logs',
  'add',
  'rm',
  'move',
  'set-gui',
  'help',
  'lab',
  'ubuntu',
  'on',
);
const flags = fc.constantFrom(
  '--verbose',
  '--log',
  '--help',
  '-h',
  '-f',
  '--force',
  '--timeout',
  '--timeout=5',
  '--run',
  '--provision',
  '--',
  '--version',
);
const line = fc.array(fc.oneof(words, words, flags, text), { maxLength: 5 });

test('any command line', async () => {
  await onMacs(sample('the binary: command lines', line, RUNS), async (mac, args) => {
    const cwd = join(mac.root, 'cwd');
    mkdirSync(cwd, { recursive: true });
    expectClear(await mac.rusta(args, { cwd }));
  });
});

test('any state file: read or refused, and never changed by what only reads', async () => {
  const files = sample('the binary: state files', mutated(stateText, anyWord), RUNS);
  await onMacs(files, async (mac, file) => {
    const written = file.toWellFormed();
    writeState(mac, written);
    for (const args of [['list'], ['source']]) expectClear(await mac.rusta(args));
    const read = () => readFileSync(ours(mac, 'state.toml'), 'utf8');
    expect(read()).toBe(written);
    const result = await mac.rusta(['default', 'lab']);
    expectClear(result);
    if (result.code !== 0) expect(read()).toBe(written);
  });
});

const row = fc.record({
  Source: fc.constantFrom('local', 'OCI', 1),
  Name: fc.oneof(fc.constantFrom<unknown>('lab', '__proto__', 'constructor', 3, null), text),
  State: fc.constantFrom<unknown>('running', 'stopped', 'odd', null, 1),
  Running: fc.constantFrom<unknown>(true, false, 'yes'),
  Disk: fc.constantFrom<unknown>(20, '20 GB', -1),
});
const listing = mutated(
  fc.array(row, { maxLength: 4 }).map((rows) => JSON.stringify(rows)),
  fc.oneof(fc.constantFrom('[', ']', '{', '}', '"', ',', '\\'), text),
);

test('any answer of tart list', async () => {
  await onMacs(sample('the binary: tart list', listing, RUNS), async (mac, stdout) => {
    mac.configure({ faults: [{ program: 'tart', args: ['list'], do: 'partial', stdout }] });
    writeState(mac, '');
    for (const args of [['list'], ['default', 'lab']]) expectClear(await mac.rusta(args));
  });
});

import fc from 'fast-check';
import { RustaError } from '../../src/errors.ts';
import { SEED } from '../sandbox/seed.ts';

/** What every property of pure functions is tried with; FUZZ_RUNS asks for more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 10_000);

/** Tries a property with many inputs; the seed stands in the output, also of a run that passed. */
export function check<T>(name: string, inputs: fc.Arbitrary<T>, property: (input: T) => void, runs = RUNS): void {
  tell(name, runs);
  fc.assert(fc.property(inputs, property), { seed: SEED, numRuns: runs });
}

export async function checkAsync<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  property: (input: T) => Promise<void>,
  runs = RUNS,
): Promise<void> {
  tell(name, runs);
  await fc.assert(fc.asyncProperty(inputs, property), { seed: SEED, numRuns: runs });
}

/** Inputs for what is too slow to be tried ten thousand times. */
export function sample<T>(name: string, inputs: fc.Arbitrary<T>, count: number): T[] {
  tell(name, count);
  return fc.sample(inputs, { seed: SEED, numRuns: count });
}

function tell(name: string, runs: number): void {
  console.log(`fuzz: ${name}, ${runs} inputs, SEED=${SEED}`);
}

/** The answer, or undefined where it was refused as bad input must be: by a RustaError of one clear message and exit code 1 or 2. */
export function orRefused<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    assertRefusal(error);
    return undefined;
  }
}

export function assertRefusal(error: unknown): asserts error is RustaError {
  if (!(error instanceof RustaError)) throw error;
  const { message, hint, exitCode } = error;
  const isClear = message.trim() !== '' && !/\[object [A-Z]|^\s+at .*:\d+:\d+/m.test(message);
  if (!isClear || hint?.trim() === '' || (exitCode !== 1 && exitCode !== 2))
    throw new Error(`an unclear refusal: ${message}`, { cause: error });
}

/** Words that mean something to shells, option parsers, terminals or JavaScript. */
const NASTY: readonly string[] = [
  '',
  ' ',
  '-',
  '--',
  '---',
  '-x',
  '--help',
  '--no-x',
  '=',
  '--=',
  'a b',
  "it's",
  '"',
  '$(touch x)',
  '`touch x`',
  ';touch x',
  '| touch x',
  '&',
  '%s',
  '#',
  '\\',
  '\n',
  'a\nb',
  '\r',
  '\t',
  '\x1b[2J',
  '\x9b2J',
  '\x7f',
  '*',
  '~',
  '..',
  '../x',
  '/etc/passwd',
  'ü',
  '日本',
  '\u{1f600}',
  '\u202e',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'undefined',
  'NaN',
  '-1',
  '0',
  '1e9',
  '9'.repeat(20),
  'x'.repeat(300),
];

const nasty = fc.constantFrom(...NASTY);

/** Mostly nasty words, sometimes any text. */
export const anyWord = fc.oneof({ weight: 3, arbitrary: nasty }, fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ maxLength: 8 }));

/** A text with pieces taken out, doubled, replaced or put in: near to what is valid. */
export function mutated(text: fc.Arbitrary<string>, pieces: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(1_000),
    length: fc.nat(6),
    piece: pieces,
    kind: fc.constantFrom('cut', 'insert', 'replace', 'double'),
  });
  return fc.tuple(text, fc.array(edit, { maxLength: 4 })).map(([start, edits]) =>
    edits.reduce((now, { at, length, piece, kind }) => {
      const from = now.length === 0 ? 0 : at % (now.length + 1);
      const [before, part, after] = [now.slice(0, from), now.slice(from, from + length), now.slice(from + length)];
      if (kind === 'cut') return before + after;
      if (kind === 'insert') return before + piece + part + after;
      return kind === 'replace' ? before + piece + after : before + part + part + after;
    }, start),
  );
}

import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { App } from '../../src/app.ts';
import { isFlag, spellings } from '../../src/cli/flags.ts';
import { invoke } from '../../src/cli/invoke.ts';
import { parseLine } from '../../src/cli/parse.ts';
import { route } from '../../src/cli/route.ts';
import type { AnyLeaf, ArgDef } from '../../src/commands/shared/leaf.ts';
import { LEAVES } from '../unit/cli/leaves.ts';
import { anyWord, assertRefusal, checkAsync } from './fuzz.ts';

const leaves = await Promise.all(LEAVES.map(async ([words, entry]) => ({ words: words.split(' '), leaf: await entry.load() })));

/** What a command is given in the end. */
interface Given {
  readonly command: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly words: readonly string[];
}

/** Follows a command line to the command's door. undefined for help and version. Throws what the product throws. */
async function understand(argv: readonly string[]): Promise<Given | undefined> {
  const asked = route(argv);
  if (asked.kind !== 'command') return undefined;
  const leaf = await asked.entry.load();
  const line = parseLine(leaf, asked.rest);
  if (line.globals.help) return undefined;
  let given: Given | undefined;
  const door: AnyLeaf = {
    ...leaf,
    async invoke(_app, parsed, words) {
      const values = Object.entries(leaf.args).map(([key, def]) => [key, readAs(def, parsed[key])]);
      given = { command: leaf.name, values: Object.fromEntries(values), words };
      return undefined;
    },
  };
  await invoke(door, line, {} as App);
  if (given === undefined) throw new Error('the command was not run');
  return given;
}

/** As leaf.ts reads it. */
const readAs = (def: ArgDef, value: unknown) => (def.type === 'boolean' ? value === true : typeof value === 'string' ? value : undefined);

const text = anyWord.filter((word) => word !== '' && !word.includes('\0'));
const plainWord = text.filter((word) => !word.startsWith('-'));

/** An argument as it is typed, and the value that it means; undefined leaves it out. */
function argument(key: string, def: ArgDef): fc.Arbitrary<{ readonly typed: readonly string[]; readonly value: unknown }> {
  const absent = { typed: [], value: isFlag(def) && def.type === 'string' ? def.default : def.type === 'boolean' ? false : undefined };
  if (!isFlag(def)) {
    const word = def.integer ? fc.integer(def.integer).map(String) : plainWord;
    return word.map((value) => ({ typed: [value], value }));
  }
  const spelling = fc.constantFrom(...spellings(key, def));
  const long = spelling.filter((name) => name.startsWith('--'));
  const present =
    def.type === 'boolean'
      ? spelling.map((name) => ({ typed: [name], value: true }))
      : def.type === 'optional'
        ? fc.tuple(long, fc.constantFrom(...def.allowed)).map(([name, value]) => ({ typed: [`${name}=${value}`], value }))
        : fc.tuple(long, def.integer ? fc.integer(def.integer).map(String) : text, fc.boolean()).map(([name, value, attached]) => ({
            typed: attached || value.startsWith('-') ? [`${name}=${value}`] : [name, value],
            value,
          }));
  return fc.oneof(fc.constant(absent), present);
}

/** A correct line of any command, and what it means. */
const correct = fc.constantFrom(...leaves).chain(({ words: command, leaf }) => {
  const entries = Object.entries(leaf.args);
  const parts = fc.tuple(...entries.map(([key, def]) => argument(key, def).map((part) => ({ key, def, ...part }))));
  const remote = leaf.words === undefined ? fc.constant(undefined) : fc.option(fc.array(anyWord, { maxLength: 4 }), { nil: undefined });
  return fc
    .tuple(parts, remote, fc.array(fc.nat(), { minLength: entries.length, maxLength: entries.length }))
    .filter(([chosen]) => !leaf.conflicts.some((pair) => pair.every((key) => chosen.some((part) => part.key === key && typed(part)))))
    .map(([chosen, words, order]) => {
      const flags = chosen
        .filter(({ def }) => isFlag(def))
        .toSorted((a, b) => (order[chosen.indexOf(a)] ?? 0) - (order[chosen.indexOf(b)] ?? 0));
      const positionals = chosen.filter(({ def }) => !isFlag(def));
      const argv = [
        ...command,
        ...[...flags, ...positionals].flatMap((part) => part.typed),
        ...(words === undefined ? [] : ['--', ...words]),
      ];
      return { argv, command: leaf.name, values: Object.fromEntries(chosen.map(({ key, value }) => [key, value])), words: words ?? [] };
    });
});
const typed = (part: { readonly typed: readonly string[] }) => part.typed.length > 0;

test('a correct line arrives as it was meant, every value and every word behind `--`', async () => {
  await checkAsync('correct command lines', correct, async ({ argv, command, values, words }) => {
    expect(await understand(argv)).toEqual({ command, values, words });
  });
});

const spelling = fc.constantFrom(
  ...new Set([
    ...leaves.flatMap(({ words, leaf }) => [
      ...words,
      ...Object.entries(leaf.args).flatMap(([key, def]) => (isFlag(def) ? spellings(key, def) : [])),
    ]),
    ...[
      '--verbose',
      '--log',
      '--help',
      '-h',
      '--version',
      '-V',
      'help',
      '--no-verbose',
      '--gui=',
      '-yf',
      '-Gx',
      '--log=x',
      'lab',
      '24.04',
      '--',
      '1',
    ],
  ]),
);
const pieces = fc.oneof(
  { weight: 2, arbitrary: spelling },
  anyWord,
  fc.tuple(spelling, anyWord).map(([name, value]) => `${name}=${value}`),
);

/** Correct lines with words put in, taken out and moved; and heaps of words that mean something. */
const anyLine = fc.oneof(
  fc
    .tuple(correct, fc.array(fc.tuple(fc.nat(9), fc.nat(2), fc.option(pieces, { nil: undefined })), { maxLength: 3 }))
    .map(([{ argv }, edits]) => {
      const line = [...argv];
      for (const [at, cut, piece] of edits) line.splice(at % (line.length + 1), cut, ...(piece === undefined ? [] : [piece]));
      return line;
    }),
  fc.array(pieces, { maxLength: 7 }),
);

test('any line is refused in one clear sentence, or holds only what was declared', async () => {
  let accepted = 0;
  await checkAsync('any command line', anyLine, async (argv) => {
    const given = await understand(argv).catch((error: unknown) => {
      assertRefusal(error);
      return undefined;
    });
    if (given === undefined) return;
    accepted += 1;
    const leaf = leaves.find((candidate) => candidate.leaf.name === given.command)?.leaf;
    for (const [key, def] of Object.entries(leaf?.args ?? {})) assertFits(key, def, given.values[key]);
    for (const pair of leaf?.conflicts ?? [])
      expect(pair.every((key) => given.values[key] !== undefined && given.values[key] !== false)).toBe(false);
    const end = argv.indexOf('--');
    expect(given.words).toEqual(end < 0 ? [] : argv.slice(end + 1));
    // Nothing comes from nowhere: each value stands in the line, or is a default.
    const before = end < 0 ? argv : argv.slice(0, end);
    for (const value of Object.values(given.values)) if (typeof value === 'string') expect(isInLine(before, value, leaf)).toBe(true);
  });
  expect(accepted).toBeGreaterThan(500);
});

function assertFits(key: string, def: ArgDef, value: unknown): void {
  if (value === undefined) {
    if (!isFlag(def) && def.required) throw new Error(`${key} is missing`);
    return;
  }
  expect(typeof value).toBe(def.type === 'boolean' ? 'boolean' : 'string');
  if (def.type === 'optional') expect(def.allowed).toContain(String(value));
  if ('integer' in def && def.integer) {
    expect(String(value)).toMatch(/^\d+$/);
    expect(Number(value)).toBeGreaterThanOrEqual(def.integer.min);
    expect(Number(value)).toBeLessThanOrEqual(def.integer.max);
  }
}

function isInLine(line: readonly string[], value: string, leaf: AnyLeaf | undefined): boolean {
  const defaults = Object.values(leaf?.args ?? {}).flatMap((def) =>
    def.type === 'optional' ? [def.implied] : 'default' in def ? [def.default] : [],
  );
  return defaults.includes(value) || line.some((word) => word === value || word.endsWith(`=${value}`));
}

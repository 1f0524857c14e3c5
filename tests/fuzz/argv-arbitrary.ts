import fc from 'fast-check';
import { isFlag, spellings } from '../../src/cli/flags.ts';
import type { ArgDef, Place } from '../../src/commands/shared/args.ts';
import { LEAVES } from '../unit/cli/leaves.ts';
import { anyWord, assertRefusal } from './fuzz.ts';

export const commands = await Promise.all(LEAVES.map(async ([name, leaf]) => ({ name, command: await leaf.load() })));

const text = anyWord.filter((word) => word !== '' && !word.includes('\0'));
const plainWord = text.filter((word) => !word.startsWith('-'));
/** Words of which every argument takes one. */
const sensible = fc.constantFrom('lab', 'ubuntu', '24.04', 'ghcr.io/a', 'ghcr.io/a/b:1', 'GHCR.io/c/ubuntu/', '20m', 'src:/mnt/src:ro');
const PLACE: Place = { command: 'up', spelling: '--flag' };

/** What an argument makes of a text. Throws what the product throws. */
export function readAs(def: ArgDef, word: string): unknown {
  return 'parse' in def && def.parse !== undefined ? def.parse(word, PLACE) : word;
}

/** Texts that the argument takes. */
function textsOf(def: ArgDef, words: fc.Arbitrary<string>): fc.Arbitrary<string> {
  if ('range' in def && def.range !== undefined) return fc.integer({ ...def.range }).map(String);
  if ('choices' in def && def.choices !== undefined) return fc.constantFrom(...def.choices);
  return fc.oneof(words, sensible).filter((word) => {
    try {
      readAs(def, word);
      return true;
    } catch (error) {
      assertRefusal(error);
      return false;
    }
  });
}

/** An argument as it is typed, and the value that it means. */
function argument(key: string, def: ArgDef): fc.Arbitrary<{ readonly typed: readonly string[]; readonly value: unknown }> {
  if ('passthrough' in def) return fc.array(anyWord, { maxLength: 4 }).map((words) => ({ typed: words, value: words }));
  if (def.type === 'positional') return textsOf(def, plainWord).map((word) => ({ typed: [word], value: readAs(def, word) }));
  if (def.type === 'string' && def.repeats) {
    const { repeats: _, ...once } = def;
    const several = fc.array(
      argument(key, once).filter((part) => part.typed.length > 0),
      { maxLength: 3 },
    );
    return several.map((parts) => ({ typed: parts.flatMap((part) => part.typed), value: parts.map((part) => part.value) }));
  }
  const absent = { typed: [], value: def.type === 'boolean' ? false : def.default === undefined ? undefined : readAs(def, def.default) };
  const spelling = fc.constantFrom(...spellings(key, def));
  const long = spelling.filter((name) => name.startsWith('--'));
  if (def.type === 'boolean')
    return fc.oneof(
      fc.constant(absent),
      spelling.map((name) => ({ typed: [name], value: true })),
    );
  const present = fc.tuple(long, textsOf(def, text), fc.boolean()).map(([name, word, attached]) => ({
    typed: attached || word.startsWith('-') ? [`${name}=${word}`] : [name, word],
    value: readAs(def, word),
  }));
  if (!def.repeats) return fc.oneof(fc.constant(absent), present);
  return fc.array(present, { maxLength: 3 }).map((all) => ({ typed: all.flatMap((one) => one.typed), value: all.map((one) => one.value) }));
}

/** A correct line of any command, and what it means. */
export const correct = fc.constantFrom(...commands).chain(({ name, command }) => {
  const entries = Object.entries(command.args);
  const parts = fc.tuple(...entries.map(([key, def]) => argument(key, def).map((part) => ({ key, def, ...part }))));
  return fc
    .tuple(parts, fc.array(fc.nat(), { minLength: entries.length, maxLength: entries.length }))
    .filter(([chosen]) => !command.conflicts?.some((pair) => pair.every((key) => chosen.some((part) => part.key === key && typed(part)))))
    .map(([chosen, order]) => {
      const flags = chosen
        .filter(({ def }) => isFlag(def))
        .toSorted((a, b) => (order[chosen.indexOf(a)] ?? 0) - (order[chosen.indexOf(b)] ?? 0));
      const rest = chosen.find(({ def }) => 'passthrough' in def);
      const positionals = chosen.filter((part) => !isFlag(part.def) && part !== rest);
      const argv = [
        ...name.split(' '),
        ...[...flags, ...positionals].flatMap((part) => part.typed),
        ...(rest === undefined ? [] : ['--', ...rest.typed]),
      ];
      return { argv, command: name, values: Object.fromEntries(chosen.map(({ key, value }) => [key, value])) };
    });
});

const typed = (part: { readonly typed: readonly string[] }) => part.typed.length > 0;

const spelling = fc.constantFrom(
  ...new Set([
    ...commands.flatMap(({ name, command }) => [
      ...name.split(' '),
      ...Object.entries(command.args).flatMap(([key, def]) => (isFlag(def) ? spellings(key, def) : [])),
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
export const anyLine = fc.oneof(
  fc
    .tuple(correct, fc.array(fc.tuple(fc.nat(9), fc.nat(2), fc.option(pieces, { nil: undefined })), { maxLength: 3 }))
    .map(([{ argv }, edits]) => {
      const line = [...argv];
      for (const [at, cut, piece] of edits) line.splice(at % (line.length + 1), cut, ...(piece === undefined ? [] : [piece]));
      return line;
    }),
  fc.array(pieces, { maxLength: 7 }),
);

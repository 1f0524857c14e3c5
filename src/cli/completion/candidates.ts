import type { AnyLeaf, ArgDef, ArgDefs } from '../../commands/shared/leaf.ts';
import { type Flag, flagsBySpelling, isFlag } from '../flags.ts';
import { GLOBALS, ROOT_ONLY } from '../globals.ts';
import { ALL_COMMANDS, type Entry, isBranch, type LeafEntry } from '../root.ts';

export interface Candidate {
  readonly value: string;
  readonly explanation: string;
}

/** What is not known before the machine is asked. */
export type Source = 'vms' | 'sources' | 'images' | 'versions' | 'files';

export interface Answer {
  readonly fixed: readonly Candidate[];
  readonly live: Source | undefined;
  /** Goes before each live candidate: `--flag=`. */
  readonly prefix: string;
}

/** Which arguments take what, by `<command> <argument>`, or by the name of the argument alone. */
const LIVE: Readonly<Record<string, Source | undefined>> = {
  vm: 'vms',
  // A new name, and one that is there would be refused.
  'create vm': undefined,
  version: 'versions',
  image: 'images',
  source: 'sources',
  log: 'files',
  'source rm registry': 'sources',
  'source move registry': 'sources',
  'image rm name': 'images',
  'image move name': 'images',
};

/** Values of arguments that take one of a few words without saying so in their definition. */
const WORDS: Readonly<Record<string, readonly string[]>> = { 'set-gui state': ['on', 'off'] };

const NOTHING: Answer = { fixed: [], live: undefined, prefix: '' };

/** What may stand where the last of `words` is being typed; those before it are complete. Pure but for the loading of a command. */
export async function candidates(words: readonly string[]): Promise<Answer> {
  const typed = words.at(-1) ?? '';
  const { entries, leaf, rest } = follow(ALL_COMMANDS, words.slice(0, -1));
  if (leaf === undefined) {
    if (!typed.startsWith('-')) return fixed(entries.map(({ name, summary }) => ({ value: name, explanation: summary })));
    return fixed(flagCandidates(entries === ALL_COMMANDS ? { ...GLOBALS, ...ROOT_ONLY } : GLOBALS, new Set()));
  }
  return within(await leaf.load(), rest, typed);
}

/** The command that the complete words name, and what follows it; or what may come next. */
function follow(
  entries: readonly Entry[],
  words: readonly string[],
): { entries: readonly Entry[]; leaf?: LeafEntry; rest: readonly string[] } {
  const at = words.findIndex((word, index) => !word.startsWith('-') && words[index - 1] !== '--log');
  if (at < 0) return { entries, rest: [] };
  const entry = entries.find(({ name }) => name === words[at]);
  if (entry === undefined) return { entries: [], rest: [] };
  const rest = words.slice(at + 1);
  return isBranch(entry) ? follow(entry.actions, rest) : { entries: [], leaf: entry, rest };
}

function within(leaf: AnyLeaf, before: readonly string[], typed: string): Answer {
  // The words of another program.
  if (before.includes('--')) return NOTHING;
  // Its own flags come first: they are what is looked for.
  const args: ArgDefs = { ...leaf.args, ...GLOBALS };
  const flags = flagsBySpelling(args);
  const given = before.map((word) => flags.get(word.split('=', 1)[0] ?? word));
  const previous = given.at(-1);
  const attached = /^(--[^=]+)=/.exec(typed);
  if (attached) return valuesOf(leaf, flags.get(attached[1] ?? ''), attached[0]);
  const awaits = before.at(-1)?.includes('=') ? undefined : previous;
  if (awaits?.def.type === 'string') return valuesOf(leaf, awaits, '');
  if (typed.startsWith('-')) return fixed(flagCandidates(args, new Set(given.flatMap((flag) => flag?.key ?? []))));
  const positional = nextPositional(leaf.args, before, given);
  const own = positional === undefined ? NOTHING : valuesOf(leaf, positional, '');
  if (awaits === undefined || optionalWords(awaits.def) === undefined) return own;
  return { ...own, fixed: [...valuesOf(leaf, awaits, '').fixed, ...own.fixed] };
}

function valuesOf(leaf: AnyLeaf, argument: { readonly key: string; readonly def: ArgDef } | undefined, prefix: string): Answer {
  if (argument === undefined) return NOTHING;
  const { key, def } = argument;
  const name = `${leaf.name} ${key}`;
  const values = optionalWords(def) ?? WORDS[name] ?? [];
  const live = Object.hasOwn(LIVE, name) ? LIVE[name] : LIVE[key];
  return { fixed: values.map((value) => ({ value: prefix + value, explanation: '' })), live, prefix };
}

/** The values of a flag whose value may be left out. */
function optionalWords(def: ArgDef): readonly string[] | undefined {
  return def.type === 'optional' ? def.allowed : undefined;
}

/** The first argument that no complete word is the value of. */
function nextPositional(
  args: ArgDefs,
  before: readonly string[],
  given: readonly (Flag | undefined)[],
): { key: string; def: ArgDef } | undefined {
  const positionals = Object.entries(args).flatMap(([key, def]) => (isFlag(def) ? [] : [{ key, def }]));
  const taken = before.filter((word, index) => {
    const flag = before[index - 1]?.includes('=') ? undefined : given[index - 1];
    const isValue = flag?.def.type === 'string' || (flag && optionalWords(flag.def)?.includes(word));
    return !word.startsWith('-') && !isValue;
  });
  return positionals[taken.length];
}

/** The long spelling of each flag that is not there yet: its aliases would only be in the way. */
function flagCandidates(args: ArgDefs, given: ReadonlySet<string>): Candidate[] {
  const unique = new Map([...flagsBySpelling(args).values()].map((flag) => [flag.key, flag]));
  return [...unique.values()]
    .filter(({ key }) => !given.has(key))
    .map(({ shown, def }) => ({ value: shown, explanation: def.description }));
}

function fixed(list: readonly Candidate[]): Answer {
  return { ...NOTHING, fixed: list };
}

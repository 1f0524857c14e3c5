import type { ArgDef, ArgDefs, Lookup } from '../../commands/shared/args.ts';
import { flagsBySpelling, needsValue, positionalsOf } from '../flags.ts';
import { GLOBALS } from '../globals.ts';
import { topicRows } from '../help/topics.ts';
import { type FlagToken, openFlag, scan } from '../scan.ts';
import { type Branch, findCommand, isBranch, type Leaf, ROOT } from '../tree.ts';

export interface Candidate {
  readonly value: string;
  readonly explanation: string;
}

export interface Answer {
  readonly fixed: readonly Candidate[];
  readonly lookup: Lookup | undefined;
  /** Goes before each candidate that is looked up: `--flag=`. */
  readonly prefix: string;
}

const NOTHING: Answer = { fixed: [], lookup: undefined, prefix: '' };

/** Finds candidates for the last of `words`, which is being typed; those before it are complete. Loads the command. */
export async function candidates(words: readonly string[]): Promise<Answer> {
  const typed = words.at(-1) ?? '';
  if (words.length === 2 && words[0] === 'help') return fixed([...commandCandidates(ROOT), ...topicCandidates()]);
  const { node, rest } = follow(ROOT, words.slice(0, -1));
  if (node === undefined) return NOTHING;
  if (!isBranch(node)) return within((await node.load()).args, rest, typed);
  if (typed.startsWith('-')) return fixed(flagCandidates(node.args, []));
  return fixed(commandCandidates(node));
}

function commandCandidates({ subCommands }: Branch): Candidate[] {
  return Object.entries(subCommands).map(([value, { meta }]) => ({ value, explanation: meta.description }));
}

function topicCandidates(): Candidate[] {
  return topicRows().map(([value, explanation]) => ({ value, explanation }));
}

/** Finds the command that the complete words name, and the words that follow it. `node` is undefined for an unknown word. */
function follow(branch: Branch, words: readonly string[]): { node: Branch | Leaf | undefined; rest: readonly string[] } {
  const word = scan(words, flagsBySpelling(branch.args)).find((token) => token.kind === 'word');
  if (word === undefined) return { node: branch, rest: [] };
  const node = findCommand(branch.subCommands, word.text);
  const rest = words.slice(word.at + 1);
  return node !== undefined && isBranch(node) ? follow(node, rest) : { node, rest };
}

function within(own: ArgDefs, before: readonly string[], typed: string): Answer {
  // Its own flags come first: they are looked for more often.
  const args: ArgDefs = { ...own, ...GLOBALS };
  const flags = flagsBySpelling(args);
  const tokens = scan(before, flags);
  // These words belong to another program.
  if (tokens.at(-1)?.kind === 'rest') return NOTHING;
  const [attached, value] = scan([typed], flags);
  if (attached?.kind === 'flag' && value?.kind === 'value') return valuesOf(attached.flag?.def, `${attached.spelling}=`);
  const open = openFlag(tokens);
  if (open !== undefined && needsValue(open.flag.def)) return valuesOf(open.flag.def, '');
  const given = tokens.filter((token) => token.kind === 'flag');
  if (typed.startsWith('-')) return fixed(flagCandidates(args, given));
  const taken = tokens.filter(({ kind }) => kind === 'word' || kind === 'value?').length;
  const positional = valuesOf(positionalsOf(own)[taken]?.def, '');
  return open === undefined ? positional : { ...positional, fixed: [...valuesOf(open.flag.def, '').fixed, ...positional.fixed] };
}

function valuesOf(def: ArgDef | undefined, prefix: string): Answer {
  if (def === undefined || def.type === 'boolean' || 'passthrough' in def) return NOTHING;
  const choices = def.choices ?? [];
  return { fixed: choices.map((value) => ({ value: prefix + value, explanation: '' })), lookup: def.completes, prefix };
}

/** Offers the long spelling of each flag that may still be given: aliases would only be in the way. */
function flagCandidates(args: ArgDefs, given: readonly FlagToken[]): Candidate[] {
  const unique = new Map([...flagsBySpelling(args).values()].map((flag) => [flag.key, flag]));
  for (const { flag } of given) {
    const mayRepeat = flag?.def.type === 'string' && flag.def.repeats === true;
    if (flag !== undefined && !mayRepeat) unique.delete(flag.key);
  }
  return [...unique.values()].map(({ shown, def }) => ({ value: shown, explanation: def.description }));
}

function fixed(list: readonly Candidate[]): Answer {
  return { ...NOTHING, fixed: list };
}

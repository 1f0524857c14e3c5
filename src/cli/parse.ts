import { type ArgDef, type ArgDefs, notAccepted } from '../commands/shared/args.ts';
import type { Command } from '../commands/shared/command.ts';
import { UsageError } from '../errors.ts';
import { closest, editDistance } from '../text/closest.ts';
import { type Flag, flagsBySpelling, needsValue, passthroughOf, positionalsOf } from './flags.ts';
import { GLOBALS, type Globals } from './globals.ts';
import { type DoubtfulToken, type FlagToken, scan, type Token } from './scan.ts';

export type ParsedLine =
  | { readonly help: true }
  /** `args` has the value of each argument of the command, by its key. */
  | { readonly help: false; readonly globals: Globals; readonly args: Readonly<Record<string, unknown>> };

/** An argument as it was typed. */
interface Given {
  /** A flag's spelling, or `<vm>`. */
  readonly spelling: string;
  /** Absent for a flag that stands alone. */
  readonly text?: string | undefined;
  /** All texts, in their order, of a flag that was given more than once. */
  readonly texts?: readonly string[];
  /** The words after `--`, for the argument that takes them. */
  readonly words?: readonly string[];
}

/** A command line as a command accepts it. `name` are the words of the command. */
interface Accepted {
  readonly name: string;
  readonly defs: ArgDefs;
  readonly flags: ReadonlyMap<string, Flag>;
}

type Shape = Pick<Command, 'args' | 'conflicts'>;

/** Within this edit distance of a choice, a word is a mistyped choice and not the name of a VM. */
const TYPING_ERRORS = 2;

/**
 * Reads the words of a command to typed values, with defaults filled in: the strict step in front of citty, which accepts
 * nearly anything. Pure. Throws UsageError or RustaError naming the offending word. `--help` beats every mistake.
 */
export function parseLine(name: string, { args, conflicts = [] }: Shape, words: readonly string[]): ParsedLine {
  const defs: ArgDefs = { ...GLOBALS, ...args };
  const accepted = { name, defs, flags: flagsBySpelling(defs) };
  const tokens = scan(words, accepted.flags);
  if (tokens.some((token) => token.kind === 'flag' && token.flag?.key === 'help')) return { help: true };
  const given = assign(accepted, tokens);
  const missing = positionalsOf(defs).find(({ key, def }) => def.required && !given.has(key));
  if (missing) throw new UsageError(missing.key === 'vm' ? 'VM name is required' : `${missing.shown} is required`, name);
  checkConflicts(accepted, conflicts, given);
  const values = Object.entries(defs).map(([key, def]): [string, unknown] => [key, readValue(name, key, def, given.get(key))]);
  const own = values.filter(([key]) => Object.hasOwn(args, key));
  return { help: false, globals: globalsOf(given), args: Object.fromEntries(own) };
}

function globalsOf(given: ReadonlyMap<string, Given>): Globals {
  return { verbose: given.has('verbose'), log: given.get('log')?.text, json: given.has('json'), noInput: given.has('noInput') };
}

/** Finds the argument that each word was given for. Throws UsageError for a word that fits none. */
function assign(accepted: Accepted, tokens: readonly Token[]): Map<string, Given> {
  const { name, defs } = accepted;
  const given = new Map<string, Given>();
  const places = positionalsOf(defs);
  let doubtful: DoubtfulToken | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'flag') {
      const next = tokens[index + 1];
      const text = next?.kind === 'value' ? next.text : undefined;
      const { key, repeats } = checkFlag(accepted, token, text);
      const before = given.get(key);
      if (before !== undefined && !repeats) throw new UsageError(`flag '${token.spelling}' is given twice`, name);
      given.set(key, { spelling: token.spelling, text, texts: [...(before?.texts ?? []), ...(text === undefined ? [] : [text])] });
    } else if (token.kind === 'rest') {
      const passthrough = passthroughOf(defs);
      if (passthrough === undefined) throw new UsageError(`'rusta ${name}' takes nothing after '--'`, name);
      given.set(passthrough.key, { spelling: '--', words: token.words });
    } else if (token.kind !== 'value') {
      if (token.kind === 'value?') doubtful = token;
      if (token.kind === 'value?' && isMistyped(token)) throw unknownChoice(name, token);
      const place = places.shift();
      if (place === undefined) throw doubtful ? unknownChoice(name, doubtful) : unexpectedWord(name, token.text, defs);
      given.set(place.key, { spelling: place.shown, text: token.text });
    }
  }
  return given;
}

/** Returns the key of a flag, and whether it may be given again. Throws UsageError for an unknown one, one that lacks its value, and one that takes none. */
function checkFlag({ name, flags }: Accepted, { spelling, flag }: FlagToken, text: string | undefined) {
  if (flag === undefined) throw new UsageError(`unknown flag '${spelling}'`, name, closest(spelling, [...flags.keys()]));
  const { key, def } = flag;
  if (def.type === 'boolean' && text !== undefined) {
    throw new UsageError(`flag '${spelling}' takes no value, but got '${text}'`, name);
  }
  if (needsValue(def) && (text === undefined || text === '')) {
    throw new UsageError(`flag '${spelling}' needs a value: <${def.valueHint}>`, name);
  }
  return { key, repeats: def.type === 'string' && def.repeats === true };
}

/** Returns the value of an argument: that of its default if it was not given, and undefined if it has no default. */
function readValue(command: string, key: string, def: ArgDef, given: Given | undefined): unknown {
  if (def.type === 'boolean') return given !== undefined;
  if ('passthrough' in def) return given?.words ?? [];
  const { parse } = def;
  const place = { command, spelling: given?.spelling ?? key };
  if (def.type === 'string' && def.repeats) return (given?.texts ?? []).map((each) => (parse === undefined ? each : parse(each, place)));
  const bare = given !== undefined && def.type === 'string' ? def.bare : undefined;
  const text = given?.text ?? bare ?? def.default;
  return text === undefined || parse === undefined ? text : parse(text, place);
}

function checkConflicts(
  { name, flags }: Accepted,
  conflicts: readonly (readonly [string, string])[],
  given: ReadonlyMap<string, Given>,
): void {
  const shown = (key: string) => [...flags.values()].find((flag) => flag.key === key)?.shown ?? key;
  for (const [one, other] of conflicts) {
    if (given.has(one) && given.has(other)) throw new UsageError(`flags '${shown(one)}' and '${shown(other)}' exclude each other`, name);
  }
}

function isMistyped({ text, after }: DoubtfulToken): boolean {
  return choicesOf(after).some((choice) => editDistance(choice, text.toLowerCase()) <= TYPING_ERRORS);
}

function unknownChoice(command: string, { text, after }: DoubtfulToken): UsageError {
  return notAccepted(text, choicesOf(after), { command, spelling: after.spelling });
}

function choicesOf({ flag }: FlagToken): readonly string[] {
  return flag?.def.type === 'string' ? (flag.def.choices ?? []) : [];
}

function unexpectedWord(command: string, word: string, defs: ArgDefs): UsageError {
  const hint = passthroughOf(defs) === undefined ? '' : ": put '--' before the command to run on the VM";
  return new UsageError(`unexpected word '${word}'${hint}`, command);
}

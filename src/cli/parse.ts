import type { ArgDef, ArgDefs } from '../commands/shared/args.ts';
import type { Command } from '../commands/shared/command.ts';
import { notAccepted } from '../commands/shared/kinds.ts';
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
  /** undefined for a flag that stands alone */
  readonly text: string | undefined;
}

type Shape = Pick<Command, 'args' | 'conflicts'>;

/** Within this edit distance of a choice, a word is a mistyped choice and not the name of a VM. */
const TYPING_ERRORS = 2;

/**
 * The strict step in front of citty, which accepts nearly anything: reads the words of a command to typed values, defaults
 * filled in. Pure. Throws UsageError or RustaError naming the offending word. `--help` beats every mistake.
 */
export function parseLine(name: string, command: Shape, words: readonly string[]): ParsedLine {
  const defs: ArgDefs = { ...GLOBALS, ...command.args };
  const flags = flagsBySpelling(defs);
  const tokens = scan(words, flags);
  if (tokens.some((token) => token.kind === 'flag' && token.flag?.key === 'help')) return { help: true };
  const given = assign(name, defs, tokens, flags);
  const missing = positionalsOf(defs).find(({ key, def }) => def.required && !given.has(key));
  if (missing) throw new UsageError(missing.key === 'vm' ? 'VM name is required' : `${missing.shown} is required`, name);
  checkConflicts(name, command, given, flags);
  const rest = restOf(tokens);
  const passthrough = passthroughOf(defs);
  if (rest !== undefined && passthrough === undefined) throw new UsageError(`'rusta ${name}' takes nothing after '--'`, name);
  const values = Object.entries(defs).map(([key, def]): [string, unknown] => [
    key,
    key === passthrough?.key ? (rest ?? []) : readValue(name, key, def, given.get(key)),
  ]);
  const args = new Map(values);
  const log = args.get('log');
  const globals = { verbose: args.get('verbose') === true, log: typeof log === 'string' ? log : undefined };
  return { help: false, globals, args: Object.fromEntries(values.filter(([key]) => Object.hasOwn(command.args, key))) };
}

/** Which argument each word was given for. Throws UsageError for a word that fits none. */
function assign(command: string, defs: ArgDefs, tokens: readonly Token[], flags: ReadonlyMap<string, Flag>): Map<string, Given> {
  const given = new Map<string, Given>();
  const places = positionalsOf(defs);
  let doubtful: DoubtfulToken | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'flag') {
      const next = tokens[index + 1];
      const { key, text } = readFlag(command, token, next?.kind === 'value' ? next.text : undefined, flags);
      if (given.has(key)) throw new UsageError(`flag '${token.spelling}' is given twice`, command);
      given.set(key, { spelling: token.spelling, text });
    } else if (token.kind === 'word' || token.kind === 'value?') {
      if (token.kind === 'value?') doubtful = token;
      if (token.kind === 'value?' && isMistyped(token)) throw unknownChoice(command, token);
      const place = places.shift();
      if (place === undefined) throw doubtful ? unknownChoice(command, doubtful) : unexpectedWord(command, token.text, defs);
      given.set(place.key, { spelling: place.shown, text: token.text });
    }
  }
  return given;
}

function readFlag(command: string, { spelling, flag }: FlagToken, text: string | undefined, flags: ReadonlyMap<string, Flag>) {
  if (flag === undefined) throw new UsageError(`unknown flag '${spelling}'`, command, closest(spelling, [...flags.keys()]));
  const { key, def } = flag;
  if (def.type === 'boolean' && text !== undefined) {
    throw new UsageError(`flag '${spelling}' takes no value, but got '${text}'`, command);
  }
  if (needsValue(def) && (text === undefined || text === '')) {
    throw new UsageError(`flag '${spelling}' needs a value: <${def.valueHint}>`, command);
  }
  return { key, text };
}

/** What an argument is to the command: its default where it was not given, and undefined where it has none. */
function readValue(command: string, key: string, def: ArgDef, given: Given | undefined): unknown {
  if (def.type === 'boolean') return given !== undefined;
  if ('passthrough' in def) return undefined;
  const bare = given !== undefined && def.type === 'string' ? def.bare : undefined;
  const text = given?.text ?? bare ?? def.default;
  if (text === undefined || def.parse === undefined) return text;
  return def.parse(text, { command, spelling: given?.spelling ?? key });
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

function checkConflicts(name: string, { conflicts }: Shape, given: ReadonlyMap<string, Given>, flags: ReadonlyMap<string, Flag>): void {
  const shown = (key: string) => [...flags.values()].find((flag) => flag.key === key)?.shown ?? key;
  for (const [one, other] of conflicts ?? []) {
    if (given.has(one) && given.has(other)) throw new UsageError(`flags '${shown(one)}' and '${shown(other)}' exclude each other`, name);
  }
}

function restOf(tokens: readonly Token[]): readonly string[] | undefined {
  const last = tokens.at(-1);
  return last?.kind === 'rest' ? last.words : undefined;
}

import { parseArgs } from 'node:util';
import type { AnyLeaf, ArgDefs, PositionalDef } from '../commands/shared/leaf.ts';
import { UsageError } from '../errors.ts';
import { closest } from '../text/closest.ts';
import { type Flag, flagsBySpelling } from './flags.ts';
import { GLOBALS, type Globals } from './globals.ts';
import { acceptsOnly, attachValues, type Doubtful } from './optional-values.ts';

export interface ParsedLine {
  readonly globals: Globals;
  /** What citty gets: camelCase flags with their values attached, then positionals. */
  readonly rawArgs: readonly string[];
  /** What follows `--`. */
  readonly words: readonly string[];
}

type LeafShape = Pick<AnyLeaf, 'name' | 'args' | 'conflicts' | 'words'>;
type Token = ReturnType<typeof tokenize>[number];
type OptionToken = Extract<Token, { kind: 'option' }>;

/**
 * The strict step in front of citty, which accepts nearly anything (design, section 4). Pure.
 * Throws UsageError naming the offending word. `--help` beats every mistake.
 */
export function parseLine(leaf: LeafShape, argv: readonly string[]): ParsedLine {
  const flags = flagsBySpelling({ ...GLOBALS, ...leaf.args });
  const { own, words } = splitWords(argv);
  const { line, doubtful } = attachValues(own, flags);
  const tokens = tokenize(line, flags);
  if (tokens.some((token) => token.kind === 'option' && (token.rawName === '--help' || token.rawName === '-h'))) {
    return { globals: { verbose: false, log: undefined, help: true }, rawArgs: [], words: [] };
  }
  if (doubtful?.mistyped) throw acceptsOnly(doubtful.flag, doubtful.def, doubtful.word, leaf.name);
  const given = new Map<string, string | true>();
  const places = positionalNames(leaf.args);
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      if (positionals.length === places.length) throw unexpectedWord(leaf, token.value, doubtful);
      positionals.push(token.value);
    } else if (token.kind === 'option') readFlag(token, flags, given, leaf.name);
  }
  for (const [index, value] of positionals.entries()) {
    const place = places[index];
    if (place?.integer) checkInteger(`<${place.name}>`, value, place.integer, leaf.name);
  }
  const missing = places.slice(positionals.length).find(({ required }) => required);
  if (missing) throw new UsageError(missing.name === 'vm' ? 'VM name is required' : `<${missing.name}> is required`, leaf.name);
  checkConflicts(leaf, given, flags);
  if (words !== undefined && leaf.words === undefined) throw new UsageError(`'rusta ${leaf.name}' takes nothing after '--'`, leaf.name);
  const log = given.get('log');
  const globals: Globals = { verbose: given.has('verbose'), log: typeof log === 'string' ? log : undefined, help: false };
  const flagArgs = [...given]
    .filter(([key]) => !Object.hasOwn(GLOBALS, key))
    .map(([key, value]) => (value === true ? `--${key}` : `--${key}=${value}`));
  return { globals, rawArgs: [...flagArgs, ...positionals], words: words ?? [] };
}

function splitWords(argv: readonly string[]): { own: string[]; words: string[] | undefined } {
  const end = argv.indexOf('--');
  return end < 0 ? { own: [...argv], words: undefined } : { own: argv.slice(0, end), words: argv.slice(end + 1) };
}

function tokenize(args: string[], flags: Map<string, Flag>) {
  const options: Record<string, { type: 'boolean' | 'string' }> = {};
  const shorts: Record<string, { type: 'boolean' | 'string'; short: string }> = {};
  for (const [spelling, { def }] of flags) {
    // A flag whose value may be left out has it attached by now.
    const type = def.type === 'string' ? 'string' : 'boolean';
    if (spelling.startsWith('--')) options[spelling.slice(2)] = { type };
    else shorts[`short ${spelling}`] = { type, short: spelling.slice(1) };
  }
  return parseArgs({ args, options: { ...options, ...shorts }, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function readFlag(token: OptionToken, flags: Map<string, Flag>, given: Map<string, string | true>, command: string): void {
  const flag = flags.get(token.rawName);
  if (flag === undefined) throw new UsageError(`unknown flag '${token.rawName}'`, command, closest(token.rawName, [...flags.keys()]));
  if (given.has(flag.key)) throw new UsageError(`flag '${token.rawName}' is given twice`, command);
  given.set(flag.key, flagValue(token, flag, command));
}

function flagValue(token: OptionToken, { def }: Flag, command: string): string | true {
  if (def.type === 'boolean') {
    if (token.value !== undefined) throw new UsageError(`flag '${token.rawName}' takes no value, but got '${token.value}'`, command);
    return true;
  }
  const value = token.value;
  if (def.type === 'optional') {
    if (value === undefined) return def.implied;
    if (!def.allowed.includes(value)) throw acceptsOnly(token.rawName, def, value, command);
    return value;
  }
  // parseArgs takes the next word whatever it is: another flag there means that this one's value was forgotten.
  const swallowed = value !== undefined && token.inlineValue === false && /^-[^\d]/.test(value);
  if (value === undefined || value === '' || swallowed)
    throw new UsageError(`flag '${token.rawName}' needs a value: <${def.valueHint}>`, command);
  if (def.integer) checkInteger(`flag '${token.rawName}'`, value, def.integer, command);
  return value;
}

function checkInteger(what: string, value: string, { min, max }: { min: number; max: number }, command: string): void {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return;
  throw new UsageError(`${what} takes a whole number from ${min} to ${max}, not '${value}'`, command);
}

function unexpectedWord(leaf: LeafShape, word: string, doubtful: Doubtful | undefined): UsageError {
  if (doubtful !== undefined) return acceptsOnly(doubtful.flag, doubtful.def, doubtful.word, leaf.name);
  const hint = leaf.words === undefined ? '' : ": put '--' before the command to run on the VM";
  return new UsageError(`unexpected word '${word}'${hint}`, leaf.name);
}

function positionalNames(args: ArgDefs): (PositionalDef & { readonly name: string })[] {
  return Object.entries(args).flatMap(([name, def]) => (def.type === 'positional' ? [{ ...def, name }] : []));
}

function checkConflicts(leaf: LeafShape, given: ReadonlyMap<string, unknown>, flags: ReadonlyMap<string, Flag>): void {
  const shown = (key: string) => [...flags.values()].find((flag) => flag.key === key)?.shown ?? key;
  for (const [one, other] of leaf.conflicts) {
    if (given.has(one) && given.has(other))
      throw new UsageError(`flags '${shown(one)}' and '${shown(other)}' exclude each other`, leaf.name);
  }
}

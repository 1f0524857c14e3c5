import { usageError } from '../errors.ts';

/** A command line as swift-argument-parser reads it: options anywhere, `--x v` or `--x=v`. */
export interface CommandSpec {
  readonly name: string;
  readonly usage: string;
  readonly about: string;
  readonly positionals: readonly string[];
  /** the last positional takes one or more */
  readonly repeats?: true;
  readonly flags?: readonly string[];
  /** option -> what its value must be */
  readonly options?: Readonly<Record<string, 'text' | 'uint16' | 'uint64' | readonly string[]>>;
  readonly short?: Readonly<Record<string, string>>;
}

export interface Parsed {
  readonly positionals: readonly string[];
  readonly flags: ReadonlySet<string>;
  /** every value given, in order */
  readonly values: (option: string) => readonly string[];
  readonly value: (option: string) => string | undefined;
  readonly number: (option: string) => number | undefined;
}

export class HelpWanted extends Error {}

export function parseArguments(spec: CommandSpec, args: readonly string[]): Parsed {
  const positionals: string[] = [];
  const flags = new Set<string>();
  const given = new Map<string, string[]>();
  const queue = [...args];
  let onlyPositionals = false;
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (onlyPositionals || !word.startsWith('-') || word === '-') {
      positionals.push(word);
    } else if (word === '--') {
      onlyPositionals = true;
    } else if (word === '-h' || word === '--help') {
      throw new HelpWanted();
    } else {
      const [name = word, attached] = splitOption(spec.short?.[word] ?? word);
      if (spec.flags?.includes(name) && attached === undefined) flags.add(name);
      else given.set(name, [...(given.get(name) ?? []), optionValue(spec, name, attached ?? queue.shift())]);
    }
  }
  checkPositionals(spec, positionals);
  const values = (option: string) => given.get(option) ?? [];
  const value = (option: string) => values(option).at(-1);
  const number = (option: string) => (value(option) === undefined ? undefined : Number(value(option)));
  return { positionals, flags, values, value, number };
}

function splitOption(word: string): [string, string?] {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function optionValue(spec: CommandSpec, name: string, value: string | undefined): string {
  const kind = spec.options?.[name];
  if (kind === undefined) throw usageError(`Unknown option '${name}'`, spec);
  const shown = `'${name} <${name.slice(2)}>'`;
  if (value === undefined || value.startsWith('--')) throw usageError(`Missing value for ${shown}`, spec);
  const wrong = usageError(`The value '${value}' is invalid for ${shown}`, spec);
  const largest = { uint16: 65_535, uint64: Number.MAX_SAFE_INTEGER };
  if ((kind === 'uint16' || kind === 'uint64') && !(/^\d+$/.test(value) && Number(value) <= largest[kind])) throw wrong;
  if (typeof kind === 'object' && !kind.includes(value)) throw usageError(`'${value}' is not a valid <${name.slice(2)}>`, spec);
  return value;
}

function checkPositionals(spec: CommandSpec, positionals: readonly string[]): void {
  const absent = spec.positionals[positionals.length];
  if (absent !== undefined) throw usageError(`Missing expected argument '<${absent}>${spec.repeats ? ' ...' : ''}'`, spec, `<${absent}>`);
  const extra = positionals[spec.positionals.length];
  if (extra !== undefined && !spec.repeats) throw usageError(`Unexpected argument '${extra}'`, spec);
}

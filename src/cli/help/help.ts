import type { ArgDefs, FlagDef } from '../../commands/shared/args.ts';
import type { Command } from '../../commands/shared/command.ts';
import { wrap } from '../../text/wrap.ts';
import type { Colors } from '../../ui/colors.ts';
import { isFlag, passthroughOf, positionalsOf, spellings } from '../flags.ts';
import { GLOBALS, ROOT_ONLY } from '../globals.ts';
import { type Branch, type Commands, GROUPS, ROOT } from '../tree.ts';
import { columns, PAGE_WIDTH } from './columns.ts';
import { topicRows } from './topics.ts';

/** A command with its name and summary, which only the tree knows. */
export interface Explained {
  /** All its words: `source add`. */
  readonly name: string;
  readonly summary: string;
  readonly command: Command;
}

/** Returns the page of `rusta --help`, which fits one screen of 40 lines; longer explanations are topics. */
export function rootHelp(colors: Colors): string {
  const topics = topicRows().map(([name]) => name);
  return page([
    `${colors.bold('Usage:')} rusta <command> [args...] [flags...]`,
    `${ROOT.meta.description}: made with Tart, reached by ssh and docker.`,
    section(colors, 'Commands', columns(...GROUPS.map(({ commands }) => commandRows(commands)))),
    section(colors, 'Flags', columns([...flagRows(GLOBALS), ...flagRows(ROOT_ONLY)])),
    [
      "Start with 'rusta create lab', then 'rusta up lab' and 'rusta ssh lab'.",
      `More: rusta <command> --help, rusta help ${topics.join('|')}`,
    ].join('\n'),
  ]);
}

/** Returns the page of a command that only groups others. */
export function branchHelp(name: string, branch: Branch, colors: Colors): string {
  const { meta, args, subCommands } = branch;
  const rows = commandRows(subCommands).map(
    ([word, summary]) => [word, word === branch.default ? `${summary} (default)` : summary] as const,
  );
  return page([
    `${colors.bold('Usage:')} rusta ${name} [${Object.keys(subCommands).join('|')}] [args...] [flags...]`,
    `${meta.description}.`,
    section(colors, 'Actions', columns(rows)),
    section(colors, 'Global flags', columns(flagRows(args))),
    `'rusta ${name} <action> --help' explains an action.`,
  ]);
}

/** Returns the page of `rusta <command> --help`. */
export function commandHelp(explained: Explained, colors: Colors): string {
  const { summary, command } = explained;
  const { args, details, examples } = command;
  const positionals = positionalRows(args);
  const flags = flagRows(args);
  return page([
    `${colors.bold('Usage:')} ${usage(explained)}`,
    paragraphs(`${summary}.${details ? `\n${details}` : ''}`),
    ...(positionals.length > 0 ? [section(colors, 'Arguments', columns(positionals))] : []),
    ...(flags.length > 0 ? [section(colors, 'Flags', columns(flags))] : []),
    section(colors, 'Global flags', columns(flagRows(GLOBALS))),
    section(colors, 'Examples', columns(examples)),
  ]);
}

export function usage({ name, command: { args } }: Explained): string {
  const positionals = positionalsOf(args).map(({ shown, def }) => (def.required ? shown : `[${shown}]`));
  return ['rusta', name, ...positionals, '[flags]', ...(passthroughOf(args) === undefined ? [] : ['[-- cmd...]'])].join(' ');
}

export function commandRows(commands: Commands): (readonly [name: string, summary: string])[] {
  return Object.entries(commands).map(([name, { meta }]) => [name, meta.description]);
}

/** Returns a row for each positional argument, and one for the words after `--`. */
export function positionalRows(args: ArgDefs): (readonly [string, string])[] {
  const passthrough = passthroughOf(args);
  return [
    ...positionalsOf(args).map(({ shown, def }) => [shown, def.description] as const),
    ...(passthrough === undefined ? [] : [['-- ...', passthrough.description] as const]),
  ];
}

export function flagRows(args: ArgDefs): (readonly [string, string])[] {
  return Object.entries(args).flatMap(([key, def]) => (isFlag(def) ? [[flagLabel(key, def), flagText(def)] as const] : []));
}

function flagLabel(key: string, def: FlagDef): string {
  const names = spellings(key, def);
  const short = names.filter((name) => !name.startsWith('--'));
  const long = names.filter((name) => name.startsWith('--'));
  return `${[...short, ...long].join(', ')}${valueLabel(def)}`;
}

function valueLabel(def: FlagDef): string {
  if (def.type === 'boolean') return '';
  return def.bare === undefined ? ` <${def.valueHint}>` : ` [${def.valueHint}]`;
}

function flagText(def: FlagDef): string {
  if (def.type === 'boolean') return def.description;
  const { choices, bare, range } = def;
  const notes = [
    choices?.join(', '),
    bare === undefined ? undefined : `bare: ${bare}`,
    range && `${range.min} to ${range.max}`,
    def.default === undefined ? undefined : `default: ${def.default}`,
    def.repeats ? 'may be given more than once' : undefined,
  ].filter((note) => note !== undefined);
  return notes.length === 0 ? def.description : `${def.description} (${notes.join('; ')})`;
}

function paragraphs(text: string): string {
  return wrap(text, PAGE_WIDTH).join('\n');
}

function section(colors: Colors, title: string, body: string): string {
  return `${colors.bold(`${title}:`)}\n${body}`;
}

function page(parts: readonly string[]): string {
  return parts.join('\n\n');
}

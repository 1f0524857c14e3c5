import type { AnyLeaf, ArgDefs, FlagDef } from '../commands/shared/leaf.ts';
import type { Colors } from '../ui/colors.ts';
import { isFlag, spellings } from './flags.ts';
import { GLOBALS, ROOT_ONLY } from './globals.ts';
import { type Branch, GROUPS } from './root.ts';

export const EXIT_CODES = [
  ['0', 'success, also when there was nothing to do'],
  ['1', 'bad usage, something missing on the host, or a failure'],
  ['2', 'VM not found'],
  ['130, 143, 129', 'interrupted by Ctrl-C, TERM or HUP'],
] as const;

export const ENVIRONMENT = [
  ['RUSTA_AGENT_TIMEOUT', 'seconds to wait for the guest agent (120)'],
  ['RUSTA_IP_TIMEOUT', 'seconds to wait for an IP address (120; rusta ip: 60)'],
  ['RUSTA_SSH_TIMEOUT', 'seconds to wait for the SSH server (120)'],
  ['RUSTA_SSH_PORT', "port of the guest's SSH server (22)"],
  ['TART_HOME', 'where Tart keeps its VMs (~/.tart)'],
  ['RUSTA_REGISTRY_TIMEOUT', 'seconds to wait for the tags of one image (20)'],
  ['RUSTA_PROVISION_TIMEOUT', 'seconds that provisioning may take (10800)'],
  ['HTTPS_PROXY, NO_PROXY', 'proxy for the registry'],
  ['NODE_EXTRA_CA_CERTS', 'file with certificates of a private CA'],
  ['NO_COLOR, CLICOLOR_FORCE', 'no colours; colours also without a terminal'],
] as const;

/** The page of `rusta --help`. */
export function rootHelp(colors: Colors): string {
  const groups = GROUPS.map(({ title, commands }) => section(colors, title, columns(commands.map(({ name, summary }) => [name, summary]))));
  return page([
    `${colors.bold('Usage:')} rusta <command> [args...] [flags...]`,
    'Ubuntu VMs on Apple Silicon: creates and manages them with Tart, and connects ssh to them.',
    ...groups,
    section(colors, 'Flags', columns([...flagRows(GLOBALS), ...flagRows(ROOT_ONLY)])),
    section(colors, 'Exit codes', columns(EXIT_CODES)),
    section(colors, 'Environment', columns(ENVIRONMENT)),
    section(
      colors,
      'Examples',
      columns([
        ['rusta create lab', 'a new VM'],
        ['rusta up lab', 'start it'],
        ['rusta ssh lab', 'work on it'],
      ]),
    ),
    "'rusta <command> --help' explains a command.",
  ]);
}

/** The page of a command that only groups others. */
export function branchHelp({ name, summary, actions, fallback }: Branch, colors: Colors): string {
  const rows = actions.map((action) => [action.name, action === fallback ? `${action.summary} (default)` : action.summary] as const);
  return page([
    `${colors.bold('Usage:')} rusta ${name} [${actions.map((action) => action.name).join('|')}] [args...] [flags...]`,
    `${summary}.`,
    section(colors, 'Actions', columns(rows)),
    section(colors, 'Global flags', columns(flagRows(GLOBALS))),
    `'rusta ${name} <action> --help' explains an action.`,
  ]);
}

/** The page of `rusta <command> --help`. */
export function commandHelp(leaf: AnyLeaf, colors: Colors): string {
  const positionals = positionalRows(leaf.args);
  const words = leaf.words === undefined ? [] : [['-- ...', leaf.words] as const];
  const flags = flagRows(leaf.args);
  return page([
    `${colors.bold('Usage:')} ${usage(leaf)}`,
    `${leaf.summary}.${leaf.description ? `\n${leaf.description}` : ''}`,
    ...(positionals.length + words.length > 0 ? [section(colors, 'Arguments', columns([...positionals, ...words]))] : []),
    ...(flags.length > 0 ? [section(colors, 'Flags', columns(flags))] : []),
    section(colors, 'Global flags', columns(flagRows(GLOBALS))),
    section(colors, 'Examples', columns(leaf.examples)),
  ]);
}

export function usage(leaf: AnyLeaf): string {
  const positionals = Object.entries(leaf.args).flatMap(([name, def]) => {
    if (def.type !== 'positional') return [];
    return def.required ? [`<${name}>`] : [`[<${name}>]`];
  });
  return ['rusta', leaf.name, ...positionals, '[flags]', ...(leaf.words === undefined ? [] : ['[-- cmd...]'])].join(' ');
}

export function positionalRows(args: ArgDefs): (readonly [string, string])[] {
  return Object.entries(args).flatMap(([name, def]) => (def.type === 'positional' ? [[`<${name}>`, def.description] as const] : []));
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
  return def.type === 'string' ? ` <${def.valueHint}>` : ` [${def.valueHint}]`;
}

function flagText(def: FlagDef): string {
  const notes: string[] = [];
  if (def.type === 'optional') notes.push(def.allowed.join(', '), `bare: ${def.implied}`);
  if (def.type === 'string' && def.integer) notes.push(`${def.integer.min} to ${def.integer.max}`);
  if (def.type === 'string' && def.default !== undefined) notes.push(`default: ${def.default}`);
  return notes.length === 0 ? def.description : `${def.description} (${notes.join('; ')})`;
}

function section(colors: Colors, title: string, body: string): string {
  return `${colors.bold(`${title}:`)}\n${body}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function page(parts: readonly string[]): string {
  return parts.join('\n\n');
}

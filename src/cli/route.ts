import { UsageError } from '../errors.ts';
import { closest } from '../text/closest.ts';
import { type Flag, flagsBySpelling } from './flags.ts';
import { GLOBALS, ROOT_ONLY } from './globals.ts';
import { ALL_COMMANDS, type Branch, type Entry, isBranch, type LeafEntry } from './root.ts';
import { suggestAction, suggestCommand } from './suggest.ts';

/** What the first words of a command line ask for. `rest` is the line without the command words. */
export type Route =
  | { readonly kind: 'version' }
  /** Of the top page, or of a command that only groups others. */
  | { readonly kind: 'help'; readonly branch: Branch | undefined }
  | { readonly kind: 'command'; readonly entry: LeafEntry; readonly rest: readonly string[] };

interface Level {
  readonly entries: readonly Entry[];
  readonly flags: ReadonlyMap<string, Flag>;
  /** undefined at the root */
  readonly branch: Branch | undefined;
}

const ROOT: Level = { entries: ALL_COMMANDS, flags: flagsBySpelling({ ...GLOBALS, ...ROOT_ONLY }), branch: undefined };

/** Finds the command words behind leading global flags. Throws UsageError for unknown words and flags. Pure. */
export function route(argv: readonly string[]): Route {
  return routeIn(ROOT, argv);
}

function routeIn(level: Level, argv: readonly string[]): Route {
  const leading: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') return routeWord(level, word, [...leading, ...argv.slice(index + 1)]);
    const name = word.split('=', 1)[0] ?? word;
    const flag = level.flags.get(name);
    if (flag === undefined) throw new UsageError(`unknown flag '${name}'`, level.branch?.name, closest(name, [...level.flags.keys()]));
    if (flag.key === 'help') return { kind: 'help', branch: level.branch };
    if (flag.key === 'version') return { kind: 'version' };
    leading.push(word);
    const value = argv[index + 1];
    if (flag.def.type === 'string' && word === name && value !== undefined) {
      leading.push(value);
      index += 1;
    }
  }
  if (level.branch) return { kind: 'command', entry: level.branch.fallback, rest: argv };
  if (leading.length > 0) throw new UsageError('a command is required');
  return { kind: 'help', branch: undefined };
}

function routeWord(level: Level, word: string, rest: readonly string[]): Route {
  if (level.branch === undefined && word === 'help') return routeHelp(rest);
  const entry = level.entries.find(({ name }) => name === word);
  if (entry === undefined) throw unknownWord(level, word);
  if (!isBranch(entry)) return { kind: 'command', entry, rest };
  return routeIn({ entries: entry.actions, flags: flagsBySpelling(GLOBALS), branch: entry }, rest);
}

/** `rusta help up`, as in most tools of the kind. */
function routeHelp(rest: readonly string[]): Route {
  const topic = rest.filter((word) => !word.startsWith('-'));
  if (topic.length === 0 || topic[0] === 'help') return { kind: 'help', branch: undefined };
  return routeIn(ROOT, [...topic, '--help']);
}

function unknownWord({ branch, entries }: Level, word: string): UsageError {
  const names = entries.map(({ name }) => name);
  const suggestion = branch === undefined ? suggestCommand(word, names) : suggestAction(word, names);
  const kind = branch === undefined ? 'command' : `action of '${branch.name}'`;
  return new UsageError(`unknown ${kind} '${word}'`, branch?.name, suggestion);
}

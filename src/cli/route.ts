import { RustaError, UsageError } from '../errors.ts';
import { closest } from '../text/closest.ts';
import { flagsBySpelling } from './flags.ts';
import { findTopic, type Topic } from './help/topics.ts';
import { HIDDEN } from './hidden.ts';
import { scan } from './scan.ts';
import { otherWay, suggestAction, suggestCommand } from './suggest.ts';
import { type Branch, findCommand, isBranch, type Leaf, ROOT } from './tree.ts';

/** The answer to the first words of a command line. */
export type Route =
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }
  | { readonly kind: 'topic'; readonly name: string; readonly topic: Topic }
  /** The help of a command that only groups others. */
  | { readonly kind: 'branch help'; readonly name: string; readonly branch: Branch }
  /** `name` are the words of the command, `words` is the line without them. */
  | { readonly kind: 'command'; readonly name: string; readonly leaf: Leaf; readonly words: readonly string[] };

/** A branch, and the words that led to it: none for the root. */
interface Level {
  readonly name: string | undefined;
  readonly branch: Branch;
}

/** Finds the words of a command behind leading global flags. Throws UsageError for unknown words and flags. Pure. */
export function route(argv: readonly string[]): Route {
  return routeIn({ name: undefined, branch: ROOT }, argv);
}

function routeIn(level: Level, words: readonly string[]): Route {
  const { name, branch } = level;
  const flags = flagsBySpelling(branch.args);
  let leading = false;
  for (const token of scan(words, flags)) {
    if (token.kind === 'rest') break;
    if (token.kind === 'word') return routeWord(level, token.text, words.toSpliced(token.at, 1));
    if (token.kind !== 'flag') continue;
    const { spelling, flag } = token;
    if (flag === undefined) throw new UsageError(`unknown flag '${spelling}'`, name, closest(spelling, [...flags.keys()]));
    if (flag.key === 'help') return name === undefined ? { kind: 'help' } : { kind: 'branch help', name, branch };
    if (flag.key === 'version') return { kind: 'version' };
    leading = true;
  }
  if (branch.default !== undefined) return routeWord(level, branch.default, words);
  if (leading) throw new UsageError('a command is required');
  return { kind: 'help' };
}

function routeWord(level: Level, word: string, words: readonly string[]): Route {
  const isRoot = level.name === undefined;
  if (isRoot && word === 'help') return routeHelp(words);
  if (isRoot && word === 'version') return routeIn(level, [...words, '--version']);
  const node = findCommand(level.branch.subCommands, word) ?? (isRoot ? findCommand(HIDDEN, word) : undefined);
  if (node === undefined) throw unknownWord(level, word);
  const name = isRoot ? word : `${level.name} ${word}`;
  return isBranch(node) ? routeIn({ name, branch: node }, words) : { kind: 'command', name, leaf: node, words };
}

/** Takes `rusta help up` for `rusta up --help`; a topic has a page of its own. */
function routeHelp(words: readonly string[]): Route {
  const named = words.filter((word) => !word.startsWith('-'));
  const [name = 'help', ...others] = named;
  const topic = others.length === 0 ? findTopic(name) : undefined;
  if (topic !== undefined) return { kind: 'topic', name, topic };
  return name === 'help' ? { kind: 'help' } : route([...named, '--help']);
}

function unknownWord({ name, branch }: Level, word: string): RustaError {
  const names = Object.keys(branch.subCommands);
  if (name === undefined) return unknownCommand(word, names);
  return new UsageError(`unknown action '${word}' of '${name}'`, name, suggestAction(word, names));
}

function unknownCommand(word: string, names: readonly string[]): RustaError {
  const message = `unknown command '${word}'`;
  const hint = otherWay(word);
  return hint === undefined ? new UsageError(message, undefined, suggestCommand(word, names)) : new RustaError('usage', message, { hint });
}

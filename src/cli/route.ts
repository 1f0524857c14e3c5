import { UsageError } from '../errors.ts';
import { closest } from '../ui/closest.ts';
import { flagsBySpelling } from './flags.ts';
import { GLOBALS, ROOT_ONLY } from './globals.ts';
import { commandNames, type Entry, findEntry } from './root.ts';
import { suggestCommand } from './suggest.ts';

/** What the first words of a command line ask for. `rest` is the line without the command word. */
export type Route =
  | { readonly kind: 'version' }
  | { readonly kind: 'help' }
  | { readonly kind: 'command'; readonly entry: Entry; readonly rest: readonly string[] };

const ROOT_FLAGS = flagsBySpelling({ ...GLOBALS, ...ROOT_ONLY });

/** Finds the command word behind leading global flags. Throws UsageError for unknown words and flags. Pure. */
export function route(argv: readonly string[]): Route {
  const leading: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') return routeCommand(word, [...leading, ...argv.slice(index + 1)]);
    const name = word.split('=', 1)[0] ?? word;
    const flag = ROOT_FLAGS.get(name);
    if (flag === undefined) throw new UsageError(`unknown flag '${name}'`, undefined, closest(name, [...ROOT_FLAGS.keys()]));
    if (flag.key === 'help') return { kind: 'help' };
    if (flag.key === 'version') return { kind: 'version' };
    leading.push(word);
    if (flag.def.type === 'string' && word === name) {
      index += 1;
      const value = argv[index];
      if (value !== undefined) leading.push(value);
    }
  }
  if (leading.length > 0) throw new UsageError('a command is required');
  return { kind: 'help' };
}

function routeCommand(word: string, rest: readonly string[]): Route {
  if (word === 'help') return routeHelp(rest);
  const entry = findEntry(word);
  if (entry === undefined) throw new UsageError(`unknown command '${word}'`, undefined, suggestCommand(word, commandNames()));
  return { kind: 'command', entry, rest };
}

/** `rusta help up`, as in most tools of the kind. */
function routeHelp(rest: readonly string[]): Route {
  const topic = rest.find((word) => !word.startsWith('-'));
  if (topic === undefined || topic === 'help') return { kind: 'help' };
  return routeCommand(topic, ['--help']);
}

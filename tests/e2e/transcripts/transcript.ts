import { realpathSync } from 'node:fs';
import { quote } from '../../../src/text/shell.ts';
import type { Mac } from '../../sandbox/mac.ts';
import type { RunOptions } from '../../sandbox/spawn.ts';

/**
 * Runs rusta, and returns what its user saw in one text: the line as typed, standard output, standard error, the exit code. What differs from
 * run to run is a `<placeholder>`.
 */
export async function transcript(mac: Mac, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await mac.rusta(args, options);
  const variables = Object.entries(options.env ?? {}).flatMap(([name, value = '']) => (isTyped(name) ? [`${name}=${quote(value)}`] : []));
  const seen = [
    `$ ${[...variables, 'rusta', ...args.map(quote)].join(' ')}`,
    ...linesOf(stdout),
    ...linesOf(stderr).map((line) => `[stderr] ${line}`),
    `exit ${code}`,
  ];
  return replaceAll([...placesOf(mac), ...CHANGING], seen.join('\n'));
}

/** Other variables belong to the machine. */
const isTyped = (variable: string) => variable.startsWith('RUSTA_');

type Replacement = readonly [RegExp, string];

function replaceAll(replacements: readonly Replacement[], text: string): string {
  return replacements.reduce((changed, [pattern, placeholder]) => changed.replaceAll(pattern, placeholder), text);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  return last === '' ? lines : [...lines, `${last} (no line end)`];
}

/** The folders of a Mac, as the test knows them and as programs see them behind links. */
function placesOf({ home, root }: Mac): Replacement[] {
  const place = (path: string, name: string) =>
    [realpathSync(path), path].map((spelling) => [new RegExp(`${RegExp.escape(spelling)}(?![\\w-])`, 'g'), name] as const);
  return [...place(home, '~'), ...place(root, '<mac>')];
}

/** What is another in each run; and numbers that say nothing but how long our scripts and lists are. */
const CHANGING: readonly Replacement[] = [
  [/^( {5}time {3}).*$/gm, '$1<ledger>'],
  [/\bwaited \d+ s\b/g, 'waited <n> s'],
  [/"elapsed_ms":\d+/g, '"elapsed_ms":<n>'],
  [/\bpid \d+/g, 'pid <pid>'],
  [/\b127(?:\.\d+){3}\b/g, '<address>'],
  [/\brun-[0-9a-f]{8}\b/g, 'run-<id>'],
  [/\bat line \d+:/g, 'at line <n>:'],
  [/\b\d+ checks\b/g, '<n> checks'],
];

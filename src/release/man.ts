import { GLOBALS, ROOT_ONLY } from '../cli/globals.ts';
import { commandRows, type Explained, flagRows, positionalRows, usage } from '../cli/help/help.ts';
import { EXIT_CODES, environmentRows } from '../cli/help/reference.ts';
import { topicRows } from '../cli/help/topics.ts';
import { GROUPS, leavesOf, ROOT } from '../cli/tree.ts';

export interface Manual {
  readonly version: string;
  /** `yyyy-mm-dd`: manual pages carry one, and it must be that of the release, not of the build. */
  readonly date: string;
  readonly repository: string;
}

type Rows = readonly (readonly [string, string])[];

/** Returns `rusta.1` and one page for each command, made from the definitions that the help is printed from: name of the file -> its text. */
export async function manualPages(manual: Manual): Promise<Map<string, string>> {
  const pages = new Map([['rusta.1', rootPage(manual)]]);
  for (const [name, node] of Object.entries(ROOT.subCommands)) {
    const leaves = leavesOf(name, node).map(async ([words, { meta, load }]) => ({
      name: words,
      summary: meta.description,
      command: await load(),
    }));
    pages.set(`rusta-${name}.1`, commandPage(name, node.meta.description, await Promise.all(leaves), manual));
  }
  return pages;
}

function rootPage(manual: Manual): string {
  return document([
    heading('rusta', manual),
    name('rusta', ROOT.meta.description),
    section('SYNOPSIS', paragraph('rusta <command> [args...] [flags...]')),
    section('DESCRIPTION', paragraph('Creates and manages Ubuntu VMs with Tart, and connects ssh to them.')),
    section(
      'COMMANDS',
      ...GROUPS.map(
        ({ title, commands }) =>
          `.SS ${text(title)}\n${list(commandRows(commands).map(([word, summary]) => [`rusta-${word}(1)`, summary]))}`,
      ),
    ),
    section('OPTIONS', list([...flagRows(GLOBALS), ...flagRows(ROOT_ONLY)])),
    section('TOPICS', paragraph('rusta help <topic> explains more:'), list(topicRows())),
    section('EXIT STATUS', list(EXIT_CODES)),
    section('ENVIRONMENT', list(environmentRows())),
    section(
      'FILES',
      list([
        ['~/.local/share/rusta/', 'settings, logs and process ids'],
        ['~/.tart/', 'the VMs, managed by Tart'],
      ]),
    ),
    section('BUGS', paragraph(`Please report them at ${manual.repository}/issues.`)),
  ]);
}

function commandPage(word: string, summary: string, leaves: readonly Explained[], manual: Manual): string {
  const page = `rusta-${word}`;
  const several = leaves.length > 1;
  return document([
    heading(page, manual),
    name(page, summary),
    section('SYNOPSIS', leaves.map((leaf) => paragraph(usage(leaf))).join('\n.br\n')),
    section('DESCRIPTION', ...leaves.map((leaf) => (several ? `.SS ${text(leaf.name)}\n` : '') + description(leaf, several))),
    section('GLOBAL OPTIONS', list(flagRows(GLOBALS))),
    section('EXAMPLES', list(leaves.flatMap(({ command }) => command.examples))),
    section('SEE ALSO', paragraph('rusta(1)')),
  ]);
}

/** Returns what one command, or one action of it, does and takes. */
function description({ summary, command: { args, details } }: Explained, nested: boolean): string {
  const lists: readonly (readonly [string, Rows])[] = [
    ['ARGUMENTS', positionalRows(args)],
    ['OPTIONS', flagRows(args)],
  ];
  const sentences = [`${summary}.`, details ?? ''].filter((sentence) => sentence !== '');
  const taken = lists.flatMap(([title, rows]) => (rows.length === 0 ? [] : [nested ? list(rows) : section(title, list(rows))]));
  return [paragraph(sentences.join(' ')), ...taken].join('\n');
}

function heading(page: string, { version, date }: Manual): string {
  return `.TH ${text(page.toUpperCase())} 1 ${date} "rusta ${text(version)}" "rusta manual"`;
}

/** Returns the line that `man -k` reads: the page, a dash, its summary. */
function name(page: string, summary: string): string {
  return section('NAME', `${text(page)} \\-\n${paragraph(summary)}`);
}

function section(title: string, ...parts: readonly string[]): string {
  return [`.SH ${title}`, ...parts].join('\n');
}

function list(rows: Rows): string {
  return rows.map(([term, explanation]) => `.TP\n${bold(term)}\n${paragraph(explanation)}`).join('\n');
}

function bold(term: string): string {
  return `\\fB${text(term)}\\fP`;
}

/** Wraps a text to lines of less than 80 characters, as tools that check manual pages want them; the reader's terminal fills them anew. */
function paragraph(words: string): string {
  const lines = words.split('\n').map((line) =>
    line
      .replace(/(.{1,60}) (?=\S)/g, '$1\n')
      .split('\n')
      .map(text)
      .join('\n'),
  );
  return lines.join('\n.br\n');
}

/**
 * Escapes a text for roff, which takes a dot or quote at the start of a line for a command, a backslash for an escape, and sets bare
 * dashes and carets as typography.
 */
function text(plain: string): string {
  const escapes: Readonly<Record<string, string>> = {
    '\\': '\\e',
    '-': '\\-',
    '~': '\\(ti',
    '^': '\\(ha',
    "'": '\\(aq',
    '`': '\\(ga',
    '"': '\\(dq',
  };
  return plain.replace(/[\\\-~^'`"]/g, (character) => escapes[character] ?? character).replace(/^\./, '\\&.');
}

function document(parts: readonly string[]): string {
  return `${parts.join('\n')}\n`;
}

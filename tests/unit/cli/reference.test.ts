import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flagsBySpelling } from '../../../src/cli/flags.ts';
import { ENVIRONMENT, EXIT_CODES } from '../../../src/cli/help/reference.ts';
import { environmentPage, exitCodesPage } from '../../../src/cli/topics/reference-pages.ts';
import { Interrupted, RustaError } from '../../../src/errors.ts';
import { manualPages } from '../../../src/release/man.ts';
import { LEAVES, WORDS } from './leaves.ts';

const ROOT = join(import.meta.dir, '../../..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

const cells = (...words: string[]) => `| ${words.join(' | ')} |`;
const code = (names: string) =>
  names
    .split(', ')
    .map((name) => `\`${name}\``)
    .join(', ');

/** The table below a heading of README, without its head. */
function tableOf(heading: string): string[] {
  const [, section = ''] = README.split(`\n## ${heading}\n`);
  return (section.split(/\n##+ /)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
}

test('README has the exit codes of the help', () => {
  expect(tableOf('Exit codes')).toEqual(EXIT_CODES.map(([codes, text]) => cells(codes, text)));
});

test('README has the variables of the help, with their defaults', () => {
  expect(tableOf('Environment')).toEqual(ENVIRONMENT.map(({ names, text, ...rest }) => cells(code(names), rest.default ?? '', text)));
});

test('README has a row for each command, with its flags', async () => {
  const rows = tableOf('Commands');
  expect(rows.map((row) => /^\| `rusta ([\w-]+)/.exec(row)?.[1])).toEqual([...WORDS]);
  for (const [words, leaf] of LEAVES) {
    const row = rows.find((line) => line.startsWith(`| \`rusta ${words.split(' ')[0]}`)) ?? '';
    const shown = [...flagsBySpelling((await leaf.load()).args).values()].map((flag) => flag.shown);
    expect(row.split(/[` ]/)).toEqual(expect.arrayContaining(shown));
  }
});

test('the topics of help and rusta(1) name each variable and each exit code', async () => {
  const pages = await manualPages({ version: '1.2.3', date: '2026-11-23', repository: 'https://example.org/rusta' });
  const manual = pages.get('rusta.1')?.replaceAll('\\-', '-') ?? '';
  for (const page of [environmentPage() + exitCodesPage(), manual]) {
    for (const { names } of ENVIRONMENT) expect(page).toContain(names);
    for (const [codes] of EXIT_CODES) expect(page).toContain(codes);
  }
});

test('every exit code of an error is in the table', () => {
  const known = EXIT_CODES.flatMap(([codes]) => codes.split(', ').map(Number));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const errors = [new RustaError('usage', ''), new RustaError('vm_not_found', ''), ...signals.map((signal) => new Interrupted(signal))];
  expect(known).toEqual([0, ...errors.map(({ exitCode }) => exitCode)]);
});

test('every variable of our own that the sources read is in the table', () => {
  const read = [...new Bun.Glob('src/**/*.ts').scanSync({ cwd: ROOT })].flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/['"](RUSTA_[A-Z_]+)['"]/g)].map(([, name = '']) => name),
  );
  expect(read.length).toBeGreaterThan(5);
  for (const name of new Set(read)) expect(ENVIRONMENT.map(({ names }) => names)).toContain(name);
});

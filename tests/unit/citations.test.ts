import { describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { broken, citations, type Kind, readPapers } from './citations.ts';
import { brokenLinks, pathsOf } from './links.ts';

const ROOT = join(import.meta.dir, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const exists = (path: string) => existsSync(join(ROOT, path));
const found = (pattern: string) => [...new Bun.Glob(pattern).scanSync({ cwd: ROOT, dot: true })].sort();

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];
const PAPERS = readPapers(new Map(PAGES.map((page) => [page, read(page)])));
const SOURCES = ['{src,tests}/**/*.{ts,sh,bash,zsh,fish}', '*.ts', '.ci/*', '.github/workflows/*'].flatMap(found);

test('every citation in the sources and the papers leads somewhere', () => {
  expect([...SOURCES, ...PAGES].flatMap((file) => broken(read(file), PAPERS).map((citation) => `${file}, ${citation}`))).toEqual([]);
});

test('every relative link of the papers leads to a file and a heading that exist', () => {
  expect(PAGES.flatMap((page) => brokenLinks(page, read(page), { exists, read }).map((link) => `${page}: ${link}`))).toEqual([]);
});

test('every file that the papers name exists', () => {
  expect(PAGES.flatMap((page) => pathsOf(read(page)).flatMap((path) => (exists(path) ? [] : [`${page}: ${path}`])))).toEqual([]);
});

test('the papers are read whole: decisions and traps are numbered without a gap, the specification has its sections', () => {
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
  expect([...PAPERS.decision]).toEqual(upTo(Math.max(28, PAPERS.decision.size)).map((number) => `D${number}`));
  expect([...PAPERS.trap]).toEqual(upTo(Math.max(32, PAPERS.trap.size)));
  expect([...PAPERS['section of tart.md']]).toEqual(upTo(8));
  expect(PAPERS.spec).toContain('4.13');
  expect(PAPERS.spec).not.toContain('4.14');
});

test.each<Kind>(['decision', 'spec', 'trap'])('the product cites some: %s', (kind) => {
  expect(found('src/**/*.ts').flatMap((file) => citations(read(file)).filter((citation) => citation.kind === kind)).length).toBeGreaterThan(
    5,
  );
});

/** In a plant `#` stands for the number, so that this file cites nothing wrong itself. */
const plant = (text: string, number: string) => text.replaceAll('#', number);

describe('a citation that leads nowhere is found', () => {
  test.each([
    ['// as decided (D#)', '29', 'line 1: D#'],
    ['/** Kept apart (design D#). */', '0', 'line 1: D#'],
    ["test('the options of spec #', () => {", '6.5', 'line 1: spec #'],
    ['/** Spec #: as a table. */', '11', 'line 1: Spec #'],
    ['// (spec 4.12, #)', '4.14', 'line 1: spec 4.12, #'],
    ['// (spec # and 4.1)', '3.9', 'line 1: spec # and 4.1 (#)'],
    ['// the checklist (spec section #)', '12', 'line 1: spec section #'],
    ['// (docs/tart.md, trap #)', '33', 'line 1: trap #'],
    ['// (contract, traps 1 and #)', '40', 'line 1: traps 1 and #'],
    ['cd / # the socket stays (trap #)', '0', 'line 1: trap #'],
    ['// (contract, section #)', '9', 'line 1: contract, section #'],
    ['// (docs/tart.md, sections 1, # and 3)', '77', 'line 1: tart.md, sections 1, # and 3 (#)'],
    ['// (design, section #)', '5', 'line 1: design, section #'],
    ['\n/**\n * A long reason (docs/tart.md,\n * trap #).\n */', '99', 'line 4: trap #'],
    ['\n// A long reason (docs/tart.md, section\n  // #).\n', '10', 'line 2: tart.md, section #'],
    ['// see house#', '.md', 'line 1: house#'],
    ['// see docs/nowhere#', '.md', 'line 1: docs/nowhere#'],
    ['// see ../elsewhere/notes#', '.md', 'line 1: ../elsewhere/notes#'],
  ])('%p with %p', (text, number, expected) => {
    expect(broken(plant(text, number), PAPERS)).toEqual([plant(expected, number)]);
  });
});

test('what is no citation is left alone, and right ones are right', () => {
  const right =
    '(D9), (design D28), spec 4.10 and 5, (contract, section 3), docs/tart.md, trap 32, docs/decisions.md, section 4, README.md, docs/tart.md';
  expect(broken(right, PAPERS)).toEqual([]);
  expect(
    citations(right)
      .map(({ target }) => target)
      .sort(),
  ).toHaveLength(11);
  const none =
    "trap 'rm -f x' EXIT; spec.argv[0]; 0xD4; \\x1b[1D; the contract; https://example.org/a/b.md; by design, 3 of them; spec, 5 of them";
  expect(citations(none)).toEqual([]);
});

describe('a link that leads nowhere is found', () => {
  const tree = {
    exists: (path: string) => ['README.md', 'docs', 'docs/tart.md'].includes(path),
    read: () => "# One `two` [three](x)\n\n## It's x_4\n\n## It's x_4\n\n```\n# code\n```\n",
  };
  test.each([
    ['[x](gone.png)', 'gone.png'],
    ['[x](../docs/gone.png)', '../docs/gone.png'],
    ['![x](gone.svg)', 'gone.svg'],
    ['[x]: gone.png', 'gone.png'],
    ['<img src="gone.svg">', 'gone.svg'],
    ['[x](/docs/tart.md)', '/docs/tart.md'],
    ['[x](../../docs/gone.png)', '../../docs/gone.png'],
    ['[x]()', ''],
    ['[x](tart.md#five)', 'tart.md#five'],
    ['[x](#code)', '#code'],
  ])('%p', (text, link) => {
    expect(brokenLinks('docs/tart.md', text, tree)).toEqual([link]);
  });

  test('others are right', () => {
    const right =
      '[a](tart.md#one-two-three) [b](#its-x_4-1) [c](../README.md) [d](../docs) [e](https://example.org/x) `[f](gone.png)`\n\n```\n[g](gone.png)\n```\n';
    expect(brokenLinks('docs/tart.md', right, tree)).toEqual([]);
  });
});

test('paths in code letters are taken for what they are', () => {
  expect(pathsOf('`src/a.ts` `tests/b/` `.ci/run` `run/<vm>.pid` `src/*.ts` `srcs/a.ts` src/b.ts')).toEqual([
    'src/a.ts',
    'tests/b/',
    '.ci/run',
  ]);
});

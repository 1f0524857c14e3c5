import { expect, test } from 'bun:test';
import type { Cell } from '../../../src/images/matrix.ts';
import { versionLines } from '../../../src/images/versions.ts';

const A = 'ghcr.io/cirruslabs';
const B = 'ghcr.io/pallewela';
const cell = (source: string, image: string, ...tags: string[]): Cell => ({ source, image, listing: { kind: 'tags', tags } });

test('one source and one image: a tag a line, ascending, only releases', () => {
  expect(versionLines([cell(A, 'ubuntu', '24.04', 'latest', '9.10', '22.04', '22.04-beta')], [A], ['ubuntu'])).toEqual([
    '9.10',
    '22.04',
    '24.04 (default)',
  ]);
});

test('several sources: who has it, and whose create takes', () => {
  expect(versionLines([cell(A, 'ubuntu', '22.04', '24.04'), cell(B, 'ubuntu', '24.04', '25.10')], [A, B], ['ubuntu'])).toEqual([
    '22.04             cirruslabs',
    '24.04 (default)   cirruslabs, pallewela  (create uses cirruslabs)',
    '25.10             pallewela',
  ]);
});

test('several images: grouped in their order, those without a provider left out', () => {
  const cells = [
    cell(A, 'ubuntu', '22.04', '24.04'),
    cell(B, 'ubuntu', '24.04'),
    cell(A, 'ubuntu-desktop', '24.04'),
    { source: B, image: 'ubuntu-desktop', listing: { kind: 'absent' } } as const,
  ];
  expect(versionLines(cells, [A, B], ['ubuntu', 'ubuntu-desktop'])).toEqual([
    '22.04             ubuntu: cirruslabs',
    '24.04 (default)   ubuntu: cirruslabs, pallewela  (create uses cirruslabs); ubuntu-desktop: cirruslabs',
  ]);
});

test('labels that collide are whole prefixes', () => {
  const other = 'ghcr.io/x/cirruslabs';
  expect(versionLines([cell(A, 'ubuntu', '24.04'), cell(other, 'ubuntu', '22.04')], [A, other], ['ubuntu'])).toEqual([
    '22.04             ghcr.io/x/cirruslabs',
    '24.04 (default)   ghcr.io/cirruslabs',
  ]);
});

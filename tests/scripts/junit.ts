import type { Tally } from './tally.ts';

/** One test of a JUnit report as Bun writes it. */
export interface Case {
  /** File, groups and title, which together name it. */
  readonly name: string;
  readonly end: 'passed' | 'failed' | 'skipped';
}

const CASE = /<testcase((?:\s+[\w-]+="[^"]*")*)\s*(?:\/>|>([\s\S]*?)<\/testcase>)/g;
const ESCAPES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The counts of a report; one without them, or without any test, is a failure. */
export function readJunit(xml: string): Tally {
  const root = /<testsuites\b[^>]*>/.exec(xml)?.[0] ?? '';
  const count = (name: string) => Number(attribute(root, name) ?? Number.NaN);
  const tests = count('tests');
  const failed = count('failures');
  const skipped = count('skipped');
  if (!(tests - skipped > 0) || Number.isNaN(failed)) return { passed: 0, failed: 1 };
  return { passed: tests - failed - skipped, failed };
}

/** Its tests, in order. Where several of a file have one title, they are numbered. */
export function readCases(xml: string): Case[] {
  const seen = new Map<string, number>();
  return [...xml.matchAll(CASE)].map(([, attributes = '', inside = '']) => {
    const parts = ['file', 'classname', 'name'].map((name) => attribute(attributes, name) ?? '');
    const title = parts.filter((part) => part !== '').join(' > ');
    const nth = (seen.get(title) ?? 0) + 1;
    seen.set(title, nth);
    return { name: nth === 1 ? title : `${title} (${nth})`, end: endOf(inside) };
  });
}

function endOf(inside: string): Case['end'] {
  if (/<(failure|error)\b/.test(inside)) return 'failed';
  return inside.includes('<skipped') ? 'skipped' : 'passed';
}

function attribute(text: string, name: string): string | undefined {
  const value = new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
  return value?.replaceAll(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, word) => {
    if (word !== undefined) return ESCAPES[word] ?? whole;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

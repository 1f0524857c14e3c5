import { wrap } from '../../text/wrap.ts';

/** Widest line of a help page. */
export const PAGE_WIDTH = 80;
/** Longest term beside its explanation; a longer one has a line of its own. */
const LONGEST_TERM = 36;

type Rows = readonly (readonly [term: string, text: string])[];

/** Sets terms and their explanations in two columns, and an empty line between groups of them. */
export function columns(...groups: readonly Rows[]): string {
  const terms = groups.flat().map(([term]) => term.length);
  const width = Math.max(0, ...terms.filter((length) => length <= LONGEST_TERM));
  return groups.map((rows) => rows.flatMap(([term, text]) => row(term, text, width)).join('\n')).join('\n\n');
}

function row(term: string, text: string, width: number): string[] {
  const indent = ' '.repeat(width + 4);
  const lines = wrap(text, PAGE_WIDTH - indent.length);
  if (term.length > width) return [`  ${term}`, ...lines.map((line) => indent + line)];
  return lines.map((line, index) => (index === 0 ? `  ${term.padEnd(width)}  ${line}` : indent + line));
}

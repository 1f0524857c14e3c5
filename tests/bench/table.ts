import type { Row } from './measure.ts';

const HEADER = ['what', 'measured', 'budget', '', 'how'];

const verdict = ({ ok }: Row): string => (ok ? 'ok' : 'OVER');
const cells = (row: Row): string[] => [row.what, row.measured, row.budget, verdict(row), row.how];

export function textTable(rows: readonly Row[]): string {
  const lines = [HEADER, ...rows.map((row) => cells(row).map((cell) => cell.replaceAll('`', '')))];
  const widths = HEADER.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdownTable(rows: readonly Row[]): string {
  const line = (words: readonly string[]) => `| ${words.join(' | ')} |`;
  return [line(HEADER), line(HEADER.map(() => '---')), ...rows.map((row) => line(cells(row)))].join('\n');
}

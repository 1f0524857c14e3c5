import { padToWidth, textWidth } from '../system/terminal/text-width.ts';
import { cellText } from '../text/control.ts';

const GAP = '   ';

/** Formats rows as left-aligned columns, three spaces apart, without trailing spaces (spec 4.5). Wide letters take two cells. */
export function formatTable(table: readonly (readonly string[])[]): string {
  const count = Math.max(...table.map((row) => row.length));
  let lines = table.map(() => '');
  for (let column = 0; column < count; column += 1) {
    // Measured together with the text before it: marks combine with the letter in front.
    const longer = lines.map((line, row) => (column === 0 ? line : line + GAP) + cellText(table[row]?.[column] ?? ''));
    const end = Math.max(...longer.map(textWidth));
    lines = longer.map((line) => padToWidth(line, end));
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

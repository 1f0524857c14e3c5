/** Rows as left-aligned columns, three spaces apart, no trailing spaces (spec 4.5). */
export function formatTable(table: readonly (readonly string[])[]): string {
  // A name of two lines must not look like two rows.
  const rows = table.map((row) => row.map((cell) => cell.replace(/\s/g, ' ')));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

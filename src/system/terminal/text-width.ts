/** Returns the cells that a text without control characters takes on a terminal. */
export function textWidth(text: string): number {
  return Bun.stringWidth(text);
}

/** Fills a text up with spaces to so many cells; a longer one stays as it is. */
export function padToWidth(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - textWidth(text)));
}

const DEFAULT_COLUMNS = 80;

/**
 * Returns the width to use for a terminal. Serial lines, `script` in a pipe and `docker exec -t` report 0 or 1, because nobody told them:
 * 80 is assumed then.
 */
export function usableColumns(columns: number | undefined): number {
  return columns === undefined || columns < 2 ? DEFAULT_COLUMNS : columns;
}

/** Cells that a text without control characters takes on a terminal. */
export function textWidth(text: string): number {
  return Bun.stringWidth(text);
}

/** Fills a text up with spaces to so many cells; a longer one stays as it is. */
export function padToWidth(text: string, cells: number): string {
  return text + ' '.repeat(Math.max(0, cells - textWidth(text)));
}

const DEFAULT_COLUMNS = 80;

/** Takes what a terminal says of its width for 80 where nobody told it: serial lines, `script` in a pipe and `docker exec -t` say 0 or 1. */
export function usableColumns(columns: number | undefined): number {
  return columns === undefined || columns < 2 ? DEFAULT_COLUMNS : columns;
}

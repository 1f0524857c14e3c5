/** What a terminal of some width shows of a program's output: enough of one for lines that are redrawn in place. */
export interface Screen {
  readonly lines: readonly string[];
  /** The cursor is hidden at the end. */
  readonly hidden: boolean;
}

/** Control sequences, then line ends, then single letters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const PARTS = /\x1b\[(\??)([\d;]*)([A-Za-z])|\r|\n|[^\x1b\r\n]/gu;

/** Throws for a control sequence that is not known here: then the test does not know what the user sees. */
export function showOn(columns: number, output: string): Screen {
  const rows: string[][] = [[]];
  let [row, column, hidden] = [0, 0, false];
  const newLine = () => {
    row += 1;
    rows[row] ??= [];
  };
  const control = (isPrivate: boolean, numbers: string, letter: string) => {
    const count = Number(numbers || 1);
    if (letter === 'm') return;
    if (isPrivate && numbers === '25') hidden = letter === 'l';
    else if (letter === 'A') row = Math.max(0, row - count);
    else if (letter === 'J' && numbers === '') {
      rows[row]?.splice(column);
      rows.splice(row + 1);
    } else if (letter === 'K' && numbers === '') rows[row]?.splice(column);
    else throw new Error(`unknown control sequence ${numbers}${letter}`);
  };
  for (const [part, isPrivate, numbers, letter] of output.matchAll(PARTS)) {
    if (letter !== undefined) control(isPrivate === '?', numbers ?? '', letter);
    else if (part === '\r') column = 0;
    else if (part === '\n') newLine();
    else {
      if (column === columns) {
        newLine();
        column = 0;
      }
      const line = rows[row] ?? [];
      line[column] = part;
      column += 1;
    }
  }
  const lines = rows.map((cells) =>
    Array.from(cells, (cell) => cell ?? ' ')
      .join('')
      .trimEnd(),
  );
  return { lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines, hidden };
}

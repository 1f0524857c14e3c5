import type { Stdio } from '../system/terminal/stdio.ts';
import { textWidth } from '../system/terminal/text-width.ts';
import { oneLine } from '../text/control.ts';
import type { Colors } from './colors.ts';

/** The parts of the last line of the terminal. */
export interface LiveText {
  /** How long the step has taken. It comes first, because the end is cut where there is no room. */
  readonly time: string;
  /** The step that runs. */
  readonly title: string;
  /** How far it has come; left out where there is no room. */
  readonly detail: string;
}

/** One line at the end of the terminal that is redrawn in place. The cursor stays visible, so nothing has to be restored. */
export interface LiveLine {
  /** Redraws the line; undefined removes it for good. */
  set(text: LiveText | undefined): void;
  /** Runs a function that prints ordinary lines above it. */
  above(print: () => void): void;
}

export interface LiveLineOptions {
  readonly stdio: Stdio;
  readonly fd: 1 | 2;
  readonly colors: Colors;
}

const PREFIX = '==>';
/** Cells kept free for the `^C` that a terminal echoes: a line that wraps cannot be erased as one. */
const MARGIN = 3;
const MIN_DETAIL = 8;
/** Row by row: tmux takes "erase all below" in the first row for a cleared screen, and keeps what stood there to be scrolled back to. */
const ERASE_ROW = '\x1b[K';
const ROW_UP = '\x1b[A';

export function createLiveLine({ stdio, fd, colors }: LiveLineOptions): LiveLine {
  let wanted: LiveText | undefined;
  /** The line on the screen: its text for comparison, its width in cells. */
  let drawn: { readonly line: string; readonly cells: number; readonly columns: number } | undefined;
  const erase = (): string => {
    if (drawn === undefined) return '';
    // Terminals that become narrower wrap the line again: all of its rows must be erased.
    const rows = Math.max(1, Math.ceil(drawn.cells / stdio.columns(fd)));
    return `\r${ERASE_ROW}${`${ROW_UP}${ERASE_ROW}`.repeat(rows - 1)}`;
  };
  const hide = () => {
    stdio.write(fd, erase());
    drawn = undefined;
  };
  const draw = () => {
    if (wanted === undefined) return;
    const columns = stdio.columns(fd);
    const { head, detail } = fitLine(wanted, columns);
    const line = `${PREFIX} ${head}${detail}`;
    if (drawn?.line === line && drawn.columns === columns) return;
    // One write, so that no empty line is seen in between.
    stdio.write(fd, `${erase()}${colors.bold(colors.cyan(PREFIX))} ${head}${detail === '' ? '' : colors.dim(detail)}`);
    drawn = { line, cells: textWidth(line), columns };
  };
  return {
    set(text) {
      wanted = text;
      if (text === undefined) hide();
      else draw();
    },
    above(print) {
      hide();
      print();
      draw();
    },
  };
}

/** Returns the parts that fit into so many columns, less the prefix and the margin. Pure. */
export function fitLine({ time, title, detail }: LiveText, columns: number): { readonly head: string; readonly detail: string } {
  const room = Math.max(0, columns - PREFIX.length - 1 - MARGIN);
  const head = cut(`${time}  ${oneLine(title)}`, room);
  const left = room - textWidth(head) - 2;
  const rest = oneLine(detail);
  return { head, detail: rest === '' || left < MIN_DETAIL ? '' : `  ${cut(rest, left)}` };
}

/** Cuts a text to so many cells; an ellipsis marks the cut. */
function cut(text: string, cells: number): string {
  if (textWidth(text) <= cells) return text;
  let kept = '';
  let width = 0;
  for (const letter of text) {
    width += textWidth(letter);
    if (width > cells - 1) break;
    kept += letter;
  }
  return cells < 1 ? '' : `${kept.trimEnd()}…`;
}

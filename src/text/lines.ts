import { stripControl } from './control.ts';

/** Longest part of a program's first line that is worth showing. */
const FIRST_LINE_LENGTH = 300;
/** Longest part of a line of a log that is worth showing. */
const LINE_LENGTH = 200;

/** Returns the first line that is not empty and not `noise`, cut to a readable length. */
export function firstLine(text: string, noise?: RegExp): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '' && noise?.test(candidate) !== true);
  return line?.trim().slice(0, FIRST_LINE_LENGTH);
}

/** Returns the last lines of a log, without empty ones and control sequences, each cut to a readable length. */
export function lastLines(text: string, count: number): string[] {
  const lines = stripControl(text).split(/\r?\n/);
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => line.slice(0, LINE_LENGTH));
}

/** Marks lines of another program below a message of ours. */
export function quoted(lines: readonly string[]): string[] {
  return lines.map((line) => `  | ${line}`);
}

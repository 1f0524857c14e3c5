import { stripControl } from './control.ts';

/** The first line that says something and is no `noise`, cut to a readable length. */
export function firstLine(text: string, noise?: RegExp): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '' && noise?.test(candidate) !== true);
  return line?.trim().slice(0, 300);
}

/** A line of a program that has gone mad says nothing more behind this. */
const LINE_LENGTH = 200;

/** The last lines of a log, without empty ones and control sequences, cut to a readable length. */
export function lastLines(text: string, count: number): string[] {
  const lines = stripControl(text).split(/\r?\n/);
  return lines
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .map((line) => line.slice(0, LINE_LENGTH));
}

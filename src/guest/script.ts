import { quote } from '../text/shell.ts';

/** Values that a script is told: a word, a number, or a list of words. */
export type Constants = Readonly<Record<string, string | number | readonly string[]>>;

/** Returns `readonly NAME=...` lines, which stand before the static parts that use them. */
export function constants(values: Constants): string {
  return Object.entries(values)
    .map(([name, value]) => `readonly ${name}=${assigned(value)}`)
    .join('\n');
}

function assigned(value: string | number | readonly string[]): string {
  if (typeof value === 'object') return `(${value.map(quote).join(' ')})`;
  return quote(String(value));
}

/** Returns one bash script of its parts. What a part says to shellcheck alone, as a file of its own, is left out. */
export function bashScript(parts: readonly string[]): string {
  const whole = parts.map((part) => part.replace(/^# shellcheck shell=bash\n/, '').trim());
  return `${['#!/usr/bin/env bash', ...whole].join('\n\n')}\n`;
}

import { quote } from '../text/shell.ts';

/** Values for a script: a word, a number, or a list of words. */
export type Constants = Readonly<Record<string, string | number | readonly string[]>>;

/** Returns `readonly NAME=...` lines, which come before the static parts that use them. */
export function constants(values: Constants): string {
  return Object.entries(values)
    .map(([name, value]) => `readonly ${name}=${assigned(value)}`)
    .join('\n');
}

function assigned(value: string | number | readonly string[]): string {
  if (typeof value === 'object') return `(${value.map(quote).join(' ')})`;
  return quote(String(value));
}

/** Returns one bash script made of parts. Leaves out lines by which a part, as a file of its own, instructs shellcheck. */
export function bashScript(parts: readonly string[]): string {
  return `${['#!/usr/bin/env bash', ...parts.map(withoutDirectives)].join('\n\n')}\n`;
}

/**
 * Returns such a script for `bash -s`. Its braces make bash read all of it before it runs any of it: a connection that is lost half-way
 * leaves nothing half done, and programs in it cannot read the rest.
 */
export function bashInput(parts: readonly string[]): string {
  return bashScript(['{', ...parts, '}']);
}

function withoutDirectives(part: string): string {
  return part.replace(/^# shellcheck shell=bash\n(# shellcheck disable=SC2034 .*\n)?/gm, '').trim();
}

/** Returns the call of scripts/files.sh that writes this text into a file of the guest. */
export function putFile(mode: string, path: string, text: string): string {
  return `put_file ${mode} ${path} << 'END_OF_FILE'\n${text.trimEnd()}\nEND_OF_FILE`;
}

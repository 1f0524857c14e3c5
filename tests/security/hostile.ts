import { expect } from 'bun:test';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UNWORDED } from '../e2e/rusta.ts';
import type { Mac } from '../sandbox/mac.ts';
import type { RunOptions, RunResult } from '../sandbox/spawn.ts';

/** Each would leave a file called `canary` if a shell, ssh or Tart took it for more than a word. */
export const HOSTILE: readonly string[] = [
  '$(touch canary)',
  '`touch canary`',
  ';touch canary;',
  '|touch canary',
  "';touch canary;'",
  '";touch canary;"',
  'a\ntouch canary\n',
  '&touch canary&',
  'x -oProxyCommand=touch$IFS$()canary',
  '-oProxyCommand=touch canary',
  '--help',
  '-x',
  'a b',
  '%h%n',
  '#',
  'ü',
  '../../canary',
  '\x1b]0;canary\x07',
];

/** Runs rusta in a folder of its own; afterwards that folder and the home must hold no canary. */
export async function runWatched(mac: Mac, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const cwd = join(mac.root, `cwd-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(cwd);
  const result = await mac.rusta(args, { cwd, ...options });
  expect({ args, files: readdirSync(cwd) }).toEqual({ args, files: [] });
  return result;
}

/** One clear error, no stack, and no control character of the value's. */
export function expectRefused(args: readonly string[], { code, stdout, stderr }: RunResult, expected = 1): void {
  expect({ args, code, stdout }).toEqual({ args, code: expected, stdout: '' });
  expect(stderr).toStartWith('[error] ');
  expect(stderr.match(/\[error\]/g)).toHaveLength(1);
  expect(stderr).not.toMatch(UNWORDED);
  expect(stderr.includes('\x1b')).toBe(false);
}

/** A few at a time: each is a process. */
export async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>, atOnce = 4): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** Whatever is called canary below the Mac's root: guests, home and Tart's folders. */
export function canaries(mac: Mac): string[] {
  return [...new Bun.Glob('**/canary').scanSync({ cwd: mac.root, dot: true, onlyFiles: false })];
}

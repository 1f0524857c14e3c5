import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './context.ts';

/** One start of a stand-in program. */
export interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly pid: number;
  readonly env: Readonly<Record<string, string>>;
}

export interface MacEvent {
  /** starting, locked, ip, agent-up (`at`: since when it listens, `noticed`: first answer), guest-off, run-exit, upload */
  readonly event: string;
  readonly vm: string;
  readonly at: number;
  readonly [detail: string]: unknown;
}

const worthKnowing = (name: string) =>
  ['SSHPASS', 'CI', 'TERM', 'HOMEBREW_NO_AUTO_UPDATE', 'HOMEBREW_NO_ASK', 'DEBIAN_FRONTEND'].includes(name) || name.startsWith('TART_');

// O_APPEND and one write: lines of programs that start together never mix.
const append = (root: string, file: string, line: object) => appendFileSync(join(root, file), `${JSON.stringify(line)}\n`);

export function recordCall({ root, program, shownArgs: args }: Context): void {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => worthKnowing(name)));
  append(root, 'calls.jsonl', { program, args, pid: process.pid, env });
}

export function recordEvent(root: string, event: string, vm: string, details: object = {}): void {
  append(root, 'events.jsonl', { event, vm, at: Date.now(), ...details });
}

import { basename } from 'node:path';
import { readProgram } from '../../src/release/macho.ts';

/** What a run leaves behind: one JSON file that tells what was run, what came of it and what was made of that. */
export interface Evidence {
  readonly schema: 1;
  readonly startedAt: string;
  readonly seconds: number;
  readonly rusta: {
    readonly path: string;
    readonly version: string;
    /** By which macOS keeps the Local Network permission; what else it is told apart by is in the signature. */
    readonly uuid: string;
  };
  readonly tart: string;
  readonly homebrew: string;
  readonly macos: string;
  readonly machine: string;
  readonly options: { readonly quick: boolean; readonly only: readonly number[] };
  /** How the machine was kept apart from its user's own files. */
  readonly notes: readonly string[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly items: readonly Result[];
  /** Where the time went: every command of at least a second, the longest first. */
  readonly ledger: readonly LedgerEntry[];
  /** What could not be removed at the end; empty if all was. */
  readonly leftBehind: readonly string[];
}

export interface LedgerEntry {
  readonly item: number;
  readonly command: string;
  readonly seconds: number;
}

export interface Result {
  readonly number: number;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why it failed or was skipped. */
  readonly reason?: string;
  readonly seconds: number;
  readonly notes: readonly string[];
  readonly steps: readonly Step[];
  readonly checks: readonly Check[];
}

export type Verdict = 'pass' | 'fail' | 'skipped';

export interface Step {
  readonly argv: readonly string[];
  /** What was set for this program alone. */
  readonly environment: Readonly<Record<string, string>>;
  /** Keys typed, if it ran on a terminal; its screen is in stdout then. */
  readonly typed?: readonly string[];
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Check {
  readonly what: string;
  readonly passed: boolean;
}

/** Characters kept of each end of a long output. */
const EXCERPT = 2_000;
const SECRET = /PASS|SECRET|TOKEN|CREDENTIAL|_KEY$/i;
/** Shorter ones are words like any other: `admin` is a user, too. */
const SHORTEST_SECRET = 8;

/** Programs are named without their folders. */
export function ledgerOf(items: readonly Result[]): LedgerEntry[] {
  const entries = items.flatMap(({ number, steps }) =>
    steps.map(({ argv: [program = '', ...args], seconds: took }) => ({
      item: number,
      command: [basename(program), ...args].join(' '),
      seconds: took,
    })),
  );
  return entries.filter(({ seconds: took }) => took >= 1).sort((one, other) => other.seconds - one.seconds);
}

/** The `LC_UUID` of a program for a Mac, or why there is none. */
export function uuidOf(program: Uint8Array): string {
  try {
    return readProgram(program).uuid?.text ?? 'none';
  } catch (error) {
    return `none: ${error instanceof Error ? error.message : String(error)}`;
  }
}

export function excerpt(text: string): string {
  const left = text.length - 2 * EXCERPT;
  return left <= 0 ? text : `${text.slice(0, EXCERPT)}\n[... ${left} characters left out ...]\n${text.slice(-EXCERPT)}`;
}

/** The file's text. Logins in URLs, and what the environment holds as a secret, are in none of its strings. */
export function evidenceJson(evidence: Evidence, env: Readonly<Record<string, string | undefined>>): string {
  const secrets = Object.entries(env).flatMap(([name, value = '']) =>
    SECRET.test(name) && value.length >= SHORTEST_SECRET ? [value] : [],
  );
  const masked = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text.replaceAll(/\/\/[^/@\s]+@/g, '//***@'));
  return `${JSON.stringify(evidence, (_, value) => (typeof value === 'string' ? masked(value) : value), 2)}\n`;
}

export const seconds = (since: number): number => Math.round(performance.now() - since) / 1_000;

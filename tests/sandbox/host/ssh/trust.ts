import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../../standin/context.ts';
import { err } from '../../standin/io.ts';
import { BrewError, findFormula, isTapped, tapOf } from '../taps.ts';

const storeOf = (context: Context) => join(context.root, 'trust.json');

const read = (context: Context): readonly string[] =>
  existsSync(storeOf(context)) ? (JSON.parse(readFileSync(storeOf(context), 'utf8')) as string[]) : [];

const remember = (context: Context, entry: string) =>
  writeFileSync(storeOf(context), JSON.stringify([...new Set([...read(context), entry])]));

/** What trust in a tap is kept by: its name, or its URL where that is not the one that the name says. */
const referenceOf = (context: Context, tap: string) => context.knobs().brew.taps[tap]?.remote ?? tap;

/** `brew trust`: taps, and formulas by their full name. A tap that is not there yet is believed in by its name alone. */
export function trust(context: Context, names: readonly string[]): void {
  for (const name of names) {
    if (tapOf(name) !== undefined) {
      findFormula(context, name);
      remember(context, name);
    } else if (/^[\w-]+\/[\w-]+$/.test(name)) remember(context, isTapped(context, name) ? referenceOf(context, name) : name);
    else throw new BrewError('Trust targets must be fully-qualified tap, formula, cask or command names.');
  }
}

/** Who names a formula in full trusts it: it alone, not what it depends on. */
export function trustNamed(context: Context, names: readonly string[]): void {
  for (const name of names) {
    if (tapOf(name) === undefined || read(context).includes(name)) continue;
    if (findFormula(context, name).fullName !== name) continue;
    remember(context, name);
    err(`==> Trusted formula ${name}`);
  }
}

/** Throws BrewError for a formula of a tap that is not trusted, unless it is one of those named on this command line. */
export function requireTrust(context: Context, fullName: string, named: readonly string[]): void {
  const tap = tapOf(fullName);
  if (tap === undefined || Number.parseInt(context.knobs().brew.version, 10) < 6) return;
  const trusted = read(context);
  if (named.includes(fullName) || trusted.includes(fullName) || trusted.includes(referenceOf(context, tap))) return;
  throw new BrewError(
    `Refusing to load formula ${fullName} from untrusted tap ${tap}.\nRun \`brew trust --formula ${fullName}\` or \`brew trust ${tap}\` to trust it.`,
  );
}

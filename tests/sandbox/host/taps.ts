import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrewFormula } from '../knobs.ts';
import type { Context } from '../standin/context.ts';
import { err } from '../standin/io.ts';

/** Printed behind `Error: `; brew ends with 1. */
export class BrewError extends Error {}

const folderOf = (context: Context, tap: string) => {
  const [user = '', name = ''] = tap.split('/');
  return join(context.root, 'homebrew/Library/Taps', user, `homebrew-${name}`);
};

/** `user/name` of a formula named in full, undefined for a short name. */
export function tapOf(formula: string): string | undefined {
  const parts = formula.split('/');
  return parts.length === 3 ? parts.slice(0, 2).join('/') : undefined;
}

export const isTapped = (context: Context, tap: string): boolean => existsSync(folderOf(context, tap));

/** Clones a tap unless it is there, with the words of brew and git on stderr: they come before any error. */
export function addTap(context: Context, tap: string, remote?: string): void {
  if (!/^[\w-]+\/[\w-]+$/.test(tap)) throw new BrewError(`Invalid tap name: '${tap}'`);
  if (isTapped(context, tap)) return;
  const known = context.knobs().brew.taps[tap];
  const usual = `https://github.com/${tap.replace('/', '/homebrew-')}`;
  const from = remote ?? usual;
  const folder = folderOf(context, tap);
  err(`==> Tapping ${tap}`);
  err(`Cloning into '${folder}'...`);
  if (known === undefined || from !== (known.remote ?? usual)) {
    err(`remote: Repository not found.\nfatal: repository '${from}/' not found`);
    throw new BrewError(`Failure while executing; \`git clone ${from} ${folder} --origin=origin\` exited with 128.`);
  }
  mkdirSync(folder, { recursive: true });
  err(`Tapped ${Object.keys(known.formulas).length} formulae (13 files, 8KB).`);
}

export interface Found {
  readonly fullName: string;
  readonly formula: BrewFormula;
}

/** Of homebrew/core, or of a tap that is there; short names are looked for in all of them. */
export function findFormula(context: Context, name: string): Found {
  const { core, taps } = context.knobs().brew;
  const coreFormula = core[name];
  if (coreFormula !== undefined) return { fullName: name, formula: coreFormula };
  const candidates = Object.keys(taps).filter((tap) => isTapped(context, tap));
  for (const tap of candidates) {
    const short = name.startsWith(`${tap}/`) ? name.slice(tap.length + 1) : name;
    const formula = taps[tap]?.formulas[short];
    if (formula !== undefined) return { fullName: `${tap}/${short}`, formula };
  }
  throw new BrewError(`No available formula with the name "${name}".`);
}

export function programOf(context: Context, fullName: string): string | undefined {
  const { core, taps } = context.knobs().brew;
  const tap = tapOf(fullName);
  const formula = tap === undefined ? core[fullName] : taps[tap]?.formulas[fullName.slice(tap.length + 1)];
  return formula?.program;
}

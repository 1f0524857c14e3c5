import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../standin/context.ts';
import { err, out } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';
import { installProgram } from './install.ts';
import { requireTrust, trust, trustNamed } from './ssh/trust.ts';
import { addTap, BrewError, findFormula, programOf, tapOf } from './taps.ts';

const plain = (args: readonly string[]) => args.filter((word) => !word.startsWith('-'));

/** Homebrew, as far as rusta and its README need it. From version 6 on it refuses what comes from a tap that nobody trusts. */
export const brew: Program = (context) => {
  const { args } = context;
  const words = plain(args.slice(1));
  const verbs: Readonly<Record<string, () => void>> = {
    '--prefix': () => out(context.knobs().brew.prefix ?? join(context.root, 'homebrew')),
    '--version': () => out(`Homebrew ${context.knobs().brew.version}`),
    install: () => installAll(context, words),
    tap: () => addTap(context, words[0] ?? '', words[1]),
    trust: () => trust(context, words),
    list: () => list(context, words),
  };
  try {
    const verb = verbs[args[0] ?? ''];
    if (!verb) throw new BrewError(`Unknown command: brew ${args[0] ?? ''}`);
    verb();
    return 0;
  } catch (error) {
    if (!(error instanceof BrewError)) throw error;
    err(`Error: ${error.message}`);
    return 1;
  }
};

/** Taps what is named in full, believes in it by name, and looks at the whole graph before anything is installed. */
function installAll(context: Context, names: readonly string[]): void {
  for (const tap of names.flatMap((name) => tapOf(name) ?? [])) addTap(context, tap);
  trustNamed(context, names);
  const order: string[] = [];
  const visit = (name: string) => {
    const { fullName, formula } = findFormula(context, name);
    requireTrust(context, fullName, names);
    for (const need of formula.needs ?? []) visit(need);
    if (!order.includes(fullName)) order.push(fullName);
  };
  for (const name of names) visit(name);
  for (const fullName of order) {
    out(`==> Installing ${fullName}`);
    const program = programOf(context, fullName);
    if (program !== undefined) installProgram(context.root, process.execPath, program);
  }
}

function list(context: Context, names: readonly string[]): void {
  for (const name of names) {
    if (!existsSync(join(context.root, 'bin', programOf(context, name) ?? name))) {
      throw new BrewError(`No such keg: ${join(context.root, 'homebrew/Cellar', name)}`);
    }
    out(name);
  }
}

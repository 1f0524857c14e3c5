import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../standin/context.ts';
import { err, out } from '../standin/io.ts';
import type { Program } from '../standin/programs.ts';
import { installProgram } from './install.ts';

const plain = (args: readonly string[]) => args.filter((word) => !word.startsWith('-'));

export const brew: Program = (context) => {
  const { args } = context;
  const verbs: Readonly<Record<string, () => number>> = {
    '--prefix': () => say(context.knobs().brew.prefix ?? join(context.root, 'homebrew')),
    '--version': () => say('Homebrew 6.0.1'),
    install: () => installAll(context, plain(args.slice(1))),
    tap: () => tap(context, args[1]),
    trust: () => 0,
    list: () => list(context, plain(args.slice(1))),
  };
  const verb = verbs[args[0] ?? ''];
  if (!verb) err(`Error: Unknown command: brew ${args[0] ?? ''}`);
  return verb?.() ?? 1;
};

function say(text: string): number {
  out(text);
  return 0;
}

const refusedTap = ({ knobs }: Context, formula: string) =>
  knobs().brew.refuses.find((tap) => formula === tap || formula.startsWith(`${tap}/`));

function refuse(tap: string): number {
  err(`Error: Refusing to load formulae from untrusted tap ${tap}. Run \`brew trust ${tap}\` to trust it.`);
  return 1;
}

function tap(context: Context, name: string | undefined): number {
  const refused = name === undefined ? undefined : refusedTap(context, name);
  return refused === undefined ? 0 : refuse(refused);
}

function installAll(context: Context, formulas: readonly string[]): number {
  for (const formula of formulas) {
    const refused = refusedTap(context, formula);
    if (refused !== undefined) return refuse(refused);
    const program = context.knobs().brew.formulas[formula];
    if (program === undefined) {
      err(`Warning: No available formula with the name "${formula}".`);
      return 1;
    }
    out(`==> Installing ${formula}`);
    installProgram(context.root, process.execPath, program);
  }
  return 0;
}

function list(context: Context, names: readonly string[]): number {
  for (const name of names) {
    const program = context.knobs().brew.formulas[name] ?? name;
    if (!existsSync(join(context.root, 'bin', program))) {
      err(`Error: No such keg: ${join(context.root, 'homebrew/Cellar', name)}`);
      return 1;
    }
    out(name);
  }
  return 0;
}

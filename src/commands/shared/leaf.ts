import type { App } from '../../app.ts';
import { type HostNeed, prepareHost } from '../../vm/preflight.ts';

interface FlagBase {
  readonly description: string;
  /** Other spellings: one letter is `-x`, more are `--word`. */
  readonly alias?: readonly string[];
}

export interface SwitchDef extends FlagBase {
  readonly type: 'boolean';
  /** How it is spelled where the key is not: citty eats every declared `no-…` (design, section 4). */
  readonly flag?: string;
}

export interface ValueDef extends FlagBase {
  readonly type: 'string';
  /** `<…>` in the help. */
  readonly valueHint: string;
  readonly default?: string;
  /** A whole number within these bounds. */
  readonly integer?: { readonly min: number; readonly max: number };
}

/** A flag whose value may be left out: `--gui`, `--gui lightdm`, `--gui=lightdm`. */
export interface OptionalDef extends FlagBase {
  readonly type: 'optional';
  /** `[…]` in the help. */
  readonly valueHint: string;
  /** What the bare flag means. */
  readonly implied: string;
  /** The word after the flag is its value only if it is one of these. */
  readonly allowed: readonly string[];
}

export type FlagDef = SwitchDef | ValueDef | OptionalDef;

export interface PositionalDef {
  readonly type: 'positional';
  readonly description: string;
  readonly required: boolean;
  /** A whole number within these bounds; clamping is the command's. */
  readonly integer?: { readonly min: number; readonly max: number };
}

export type ArgDef = FlagDef | PositionalDef;
export type ArgDefs = Readonly<Record<string, ArgDef>>;

type ValueOf<D extends ArgDef> = D extends { type: 'boolean' }
  ? boolean
  : D extends { default: string } | { required: true }
    ? string
    : string | undefined;

type ArgValues<A extends ArgDefs> = { readonly [K in keyof A]: ValueOf<A[K]> };

export interface Leaf<A extends ArgDefs = ArgDefs> {
  readonly name: string;
  readonly summary: string;
  /** More than the summary, below the usage line. */
  readonly description?: string;
  readonly args: A;
  /** Pairs of keys that exclude each other. */
  readonly conflicts?: readonly (readonly [keyof A & string, keyof A & string])[];
  /** Whether words after `--` are the command's own, and what they are. */
  readonly words?: string;
  readonly examples: readonly (readonly [command: string, explanation: string])[];
  readonly needs: HostNeed;
  /** `data` keeps stdout for what was asked; `lifecycle` reports on stdout (design D2). */
  readonly output: 'data' | 'lifecycle';
  /** Checks what types cannot say, before anything is started. Throws UsageError or RustaError. */
  readonly check?: (args: ArgValues<A>, app: Pick<App, 'prompt' | 'store'>) => void;
  /** Resolves with an exit code where it is not 0. */
  readonly run: (app: App, args: ArgValues<A>, words: readonly string[]) => Promise<number | undefined>;
}

/** A leaf whose argument types only its own file knows. */
export interface AnyLeaf extends Omit<Leaf, 'check' | 'run' | 'conflicts'> {
  readonly conflicts: readonly (readonly [string, string])[];
  /** `parsed` holds the value of each key of `args`. Throws UsageError before anything is started. */
  invoke(app: App, parsed: Readonly<Record<string, unknown>>, words: readonly string[]): Promise<number | undefined>;
}

/** Declares a command: what it takes, and the use cases it calls. */
export function command<const A extends ArgDefs>(leaf: Leaf<A>): AnyLeaf {
  const { check, run, ...shown } = leaf;
  return {
    ...shown,
    conflicts: leaf.conflicts ?? [],
    async invoke(app, parsed, words) {
      const values = readValues(leaf.args, parsed);
      check?.(values, app);
      await prepareHost(app, leaf.needs);
      return run(app, values, words);
    },
  };
}

/** The parser's values are loosely typed and carry more keys than were declared: take ours, as what they were declared to be. */
function readValues<A extends ArgDefs>(args: A, parsed: Readonly<Record<string, unknown>>): ArgValues<A> {
  const entries = Object.entries(args).map(([key, def]) => {
    const value = parsed[key];
    return [key, def.type === 'boolean' ? value === true : typeof value === 'string' ? value : undefined];
  });
  return Object.fromEntries(entries);
}

import type { ArgDef, ArgDefs, FlagDef, PositionalDef, ValueDef } from '../commands/shared/args.ts';

export interface Flag {
  /** As the command declared it. */
  readonly key: string;
  readonly def: FlagDef;
  /** The spelling to show, with dashes. */
  readonly shown: string;
}

/** A positional argument. The one that gets the words after `--` is not among them. */
export interface Positional {
  readonly key: string;
  readonly def: PositionalDef;
  /** `<vm>` */
  readonly shown: string;
}

/** Maps every spelling of every flag, with its dashes, to the flag. */
export function flagsBySpelling(args: ArgDefs): Map<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [key, def] of Object.entries(args)) {
    if (!isFlag(def)) continue;
    const [shown = '', ...aliases] = spellings(key, def);
    for (const spelling of [shown, ...aliases]) flags.set(spelling, { key, def, shown });
  }
  return flags;
}

/** Lists the spellings of a flag: the long one made of its key first, then its aliases. */
export function spellings(key: string, def: FlagDef): string[] {
  const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return [`--${name}`, ...(def.alias ?? []).map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`))];
}

export function positionalsOf(args: ArgDefs): Positional[] {
  return Object.entries(args).flatMap(([key, def]) =>
    isFlag(def) || 'passthrough' in def ? [] : [{ key, def, shown: `<${def.valueHint ?? key}>` }],
  );
}

/** Finds the argument that gets the words after `--`. Returns undefined for a command that takes none. */
export function passthroughOf(args: ArgDefs): { readonly key: string; readonly description: string } | undefined {
  const found = Object.entries(args).find(([, def]) => 'passthrough' in def);
  return found && { key: found[0], description: found[1].description };
}

export function isFlag(def: ArgDef): def is FlagDef {
  return def.type !== 'positional';
}

/** Says whether a flag cannot stand alone. */
export function needsValue(def: FlagDef): def is ValueDef & { readonly bare?: never } {
  return def.type === 'string' && def.bare === undefined;
}

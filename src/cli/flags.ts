import type { ArgDef, ArgDefs, FlagDef } from '../commands/shared/leaf.ts';

export interface Flag {
  /** As the command declared it. */
  readonly key: string;
  readonly def: FlagDef;
  /** The spelling to show, with dashes. */
  readonly shown: string;
}

/** Every spelling of every flag, with its dashes. */
export function flagsBySpelling(args: ArgDefs): Map<string, Flag> {
  const flags = new Map<string, Flag>();
  for (const [key, def] of Object.entries(args)) {
    if (!isFlag(def)) continue;
    const flag: Flag = { key, def, shown: `--${flagName(key, def)}` };
    for (const spelling of spellings(key, def)) flags.set(spelling, flag);
  }
  return flags;
}

/** Long spelling first, then the aliases in their order. */
export function spellings(key: string, def: FlagDef): string[] {
  return [flagName(key, def), ...(def.alias ?? [])].map((name) => (name.length === 1 ? `-${name}` : `--${name}`));
}

export function isFlag(def: ArgDef): def is FlagDef {
  return def.type !== 'positional';
}

function flagName(key: string, def: FlagDef): string {
  if (def.type === 'boolean' && def.flag !== undefined) return def.flag;
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

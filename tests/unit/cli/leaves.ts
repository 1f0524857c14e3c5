import { ALL_COMMANDS, isBranch, type LeafEntry } from '../../../src/cli/root.ts';

/** Every command, with its words as they are typed: `up`, `source add`. */
export const LEAVES: readonly (readonly [words: string, entry: LeafEntry])[] = ALL_COMMANDS.flatMap((entry) =>
  isBranch(entry) ? entry.actions.map((action) => [`${entry.name} ${action.name}`, action] as const) : [[entry.name, entry] as const],
);

import { leavesOf, ROOT } from '../../../src/cli/tree.ts';

/** The words that may come first. */
export const WORDS: readonly string[] = Object.keys(ROOT.subCommands);

/** Every command, with its words as they are typed: `up`, `source add`. */
export const LEAVES = Object.entries(ROOT.subCommands).flatMap(([name, node]) => leavesOf(name, node));

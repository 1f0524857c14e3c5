import { type Commands, leaf } from './tree.ts';

/** Commands for shells and packagers, which no help names. They are not in the tree because completion reads that. */
export const HIDDEN: Commands = {
  completions: leaf('Print what a shell has to load to complete command lines', () => import('./completion/completions.ts')),
  __complete: leaf('Print what may stand where the last word is being typed', () => import('./completion/complete.ts')),
};

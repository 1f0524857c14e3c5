import { type Commands, leaf } from './tree.ts';

/** For shells and packagers, not for people: no help names them. They stand outside the tree because completion reads it. */
export const HIDDEN: Commands = {
  completions: leaf('Print what a shell has to load to complete command lines', () => import('./completion/completions.ts')),
  __complete: leaf('Print what may stand where the last word is being typed', () => import('./completion/complete.ts')),
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultKnobs, type Knobs } from '../knobs.ts';
import { ownTools } from '../scratch/tools.ts';

/** What every stand-in program knows about the Mac it plays on. */
export interface Context {
  readonly root: string;
  /** as it was called; `guest:` in front inside a scratch guest */
  readonly program: string;
  readonly args: readonly string[];
  /** the same as somebody inside the guest would have written them: for the record, and for faults */
  readonly shownArgs: readonly string[];
  /** read anew on every call */
  knobs(): Knobs;
}

function readKnobs(root: string): Knobs {
  return JSON.parse(readFileSync(join(root, 'knobs.json'), 'utf8')) as Knobs;
}

export function createContext(root: string | undefined, program: string, args: readonly string[]): Context {
  const { GUEST_ROOT: guestRoot } = process.env;
  return {
    root: root ?? '',
    program,
    args,
    shownArgs: guestRoot === undefined ? args : args.map((word) => word.replaceAll(guestRoot, '').replaceAll(ownTools(), '/usr/bin')),
    // The agent in a system guest runs without a Mac around it.
    knobs: () => (root === undefined ? defaultKnobs : readKnobs(root)),
  };
}

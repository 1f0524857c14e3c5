import { readlink } from 'node:fs/promises';
import type { GuestKind } from '../guest.ts';
import { baseForClone } from './base/base.ts';
import { bootGuest, cleanUp } from './boot.ts';
import { createState, statePaths } from './state.ts';

/** System guests whose agent is the given program, called as `tart-guest-agent <socket>`. */
export const createSystemGuest = (agent: string): GuestKind => ({
  async clone(from, to) {
    if (from === undefined) return createState(to, await baseForClone());
    return createState(to, await readlink(statePaths(from).base), from);
  },
  remove: cleanUp,
  boot: (vm) => bootGuest(vm, agent),
});

/** The stand-in is one program with several names; called `tart-guest-agent` it is the agent. */
export const systemGuest: GuestKind = createSystemGuest(process.execPath);

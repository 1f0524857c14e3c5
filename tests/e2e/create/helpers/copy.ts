import type { Mac } from '../../../sandbox/mac.ts';
import type { RunResult } from '../../../sandbox/spawn.ts';

/** Copies VM `lab` to a VM `web`. */
export const copyLab = (mac: Mac, ...flags: string[]): Promise<RunResult> => mac.rusta(['create', 'web', '--from', 'lab', ...flags]);
/** What tart was called for, in order. */
export const tartVerbs = (mac: Mac) => mac.calls('tart').map(({ args }) => args[0]);

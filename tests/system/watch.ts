import { readdirSync } from 'node:fs';
import { procText } from '../sandbox/system/processes.ts';

/** A password that no other test has: the watch sees the programs of all of them, and a password on rusta's own command line is no fault. */
export const unlikelyPassword = (): string => `Unlikely-${crypto.randomUUID().slice(0, 8)}`;

/** A watch over the process list of this machine, guests included. */
export interface Watch {
  /** Ends it: every command line that was ever seen. */
  seen(): string[];
}

/** Between two looks. Most programs live longer; of the others each run of a test catches some. Milliseconds. */
const PAUSE_MS = 2;

/** A process that was there so many looks ago is what it is: only one look in so many is at all of them. */
const YOUNG = 20;

/** Looks at all command lines again and again. */
export function watchCommandLines(): Watch {
  const lines = new Set<string>();
  let ages = new Map<string, number>();
  let looks = 0;
  const look = () => {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    ages = new Map(pids.map((pid) => [pid, (ages.get(pid) ?? 0) + 1]));
    const isThorough = looks++ % YOUNG === 0;
    for (const [pid, age] of ages) if (isThorough || age <= YOUNG) lines.add(procText(`${pid}/cmdline`).replaceAll('\0', ' '));
  };
  const timer = setInterval(look, PAUSE_MS);
  return {
    seen: () => {
      clearInterval(timer);
      looks = 0;
      look();
      return [...lines];
    },
  };
}

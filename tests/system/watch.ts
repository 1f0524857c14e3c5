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

/** Looks at all command lines again and again. */
export function watchCommandLines(): Watch {
  const lines = new Set<string>();
  const look = () => {
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      if (pid > 0) lines.add(procText(`${name}/cmdline`).replaceAll('\0', ' '));
    }
  };
  const timer = setInterval(look, PAUSE_MS);
  return {
    seen: () => {
      clearInterval(timer);
      look();
      return [...lines];
    },
  };
}

import { join } from 'node:path';

/** The compiled product. */
export const RUSTA = join(import.meta.dir, '../../dist/rusta');

/** What no failure may show: a stack, or what the system said, which no words of ours explain (`src/cli/failure-of.ts`). */
export const UNWORDED = /^\s+at |this is a bug|a system call failed/m;

export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

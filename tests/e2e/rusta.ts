import { join } from 'node:path';

/** The compiled product. */
export const RUSTA = join(import.meta.dir, '../../dist/rusta');

export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

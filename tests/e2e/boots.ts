import type { Mac } from '../sandbox/mac.ts';
import { commands } from './state.ts';

/** The command lines of `tart run`, in order. */
export const boots = (mac: Mac) => commands(mac, 'tart').filter((line) => line.startsWith('run '));

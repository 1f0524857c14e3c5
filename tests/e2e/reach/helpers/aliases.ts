/** The commands that make SSH aliases, and the file that those stand in. */
import { join } from 'node:path';
import type { Mac } from '../../../sandbox/mac.ts';
import type { RunResult } from '../../../sandbox/spawn.ts';

export const sshConfig = (mac: Mac) => join(mac.home, '.ssh/config');
export const dockerSetup = (mac: Mac, vm = 'lab'): Promise<RunResult> => mac.rusta(['docker-setup', vm]);
export const sshSetup = (mac: Mac, ...flags: string[]): Promise<RunResult> => mac.rusta(['ssh-setup', 'lab', ...flags]);

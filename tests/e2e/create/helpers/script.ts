import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../../../sandbox/mac.ts';
import type { RunResult } from '../../../sandbox/spawn.ts';
import { ours } from '../../state.ts';

/** A file of the user's; it says who runs it, and has no paths: those of a scratch guest are the host's. */
export function writeScript(mac: Mac, text: string): string {
  const path = join(mac.home, 'set up.sh');
  writeFileSync(path, text);
  return path;
}
export const SAYS = '#!/bin/sh\necho "set up as $USER, $DEBIAN_FRONTEND"\n';
export const createLab = (mac: Mac, ...flags: string[]): Promise<RunResult> => mac.rusta(['create', 'lab', ...flags]);
export const readLog = (mac: Mac) => readFileSync(ours(mac, 'provision/lab.log'), 'utf8');

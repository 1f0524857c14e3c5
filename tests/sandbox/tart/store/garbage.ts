import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err } from '../../standin/io.ts';
import { FLOCK_EXCLUSIVE, FLOCK_NO_WAIT, flock } from '../../standin/libc.ts';
import type { TartHome } from './home.ts';

/** Empties tmp/ of what no live process holds; all commands but clone and pull do it first. */
function collectGarbage(home: TartHome): void {
  for (const entry of readdirSync(home.tmp)) {
    const path = join(home.tmp, entry);
    const fd = openSync(path, 'r');
    try {
      if (flock(fd, FLOCK_EXCLUSIVE | FLOCK_NO_WAIT)) rmSync(path, { recursive: true, force: true });
    } finally {
      closeSync(fd);
    }
  }
}

/** A failure here is a line on stderr; the command goes on. */
export function collectQuietly(home: TartHome): void {
  try {
    collectGarbage(home);
  } catch (error) {
    err(`Failed to perform garbage collection: ${error instanceof Error ? error.message : String(error)}`);
  }
}

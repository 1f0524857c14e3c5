import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../sandbox/mac.ts';

/** A Mac's uname takes a millisecond; the stand-in's, being a whole Bun, would count as rusta's. */
export function cheapUname(mac: Mac): void {
  const path = join(mac.bin, 'uname');
  rmSync(path);
  writeFileSync(path, '#!/bin/sh\necho arm64\n');
  chmodSync(path, 0o755);
}

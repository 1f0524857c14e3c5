import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from '../sandbox/mac.ts';

/** Each start of a program waits until it is let go, unless `isFree`, a condition of the shell, holds. */
export function holdBack(mac: Mac, program: string, isFree = 'false'): void {
  const real = join(mac.root, 'held-back', program);
  mkdirSync(join(mac.root, 'held-back'), { recursive: true });
  renameSync(join(mac.bin, program), real);
  const free = `${isFree} || [ -e "${mac.root}/go" ] || [ -e "${mac.root}/go.$$" ]`;
  const wait = `until ${free}; do : > "${mac.root}/held.$$"; sleep 0.05; done`;
  writeFileSync(join(mac.bin, program), `#!/bin/sh\n${wait}\nexec "${real}" "$@"\n`, { mode: 0o755 });
}

/** The pids of those that wait, or have waited. */
export const heldBack = (mac: Mac): string[] => [...new Bun.Glob('held.*').scanSync({ cwd: mac.root })].map((name) => name.slice(5));

/** One of them, or all, also those to come. */
export const letGo = (mac: Mac, pid?: string): void => writeFileSync(join(mac.root, pid === undefined ? 'go' : `go.${pid}`), '');

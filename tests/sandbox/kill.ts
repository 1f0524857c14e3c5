import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from './mac/mac-api.ts';
import type { RunOptions, RunResult } from './spawn.ts';

/** When a program is ended by kill -9. */
export interface KillPoint {
  /** At the start of the how manieth program that it starts itself; 0: at its own start. */
  readonly program: number;
  /** Milliseconds since then. */
  readonly delay: number;
}

/** Leaves its pid, which stays the same, to the traps. */
const TARGET = `
read -r wanted delay started < "$SANDBOX/kill-at"
echo $$ > "$started/target"
if [ "$wanted" = 0 ]; then (sleep "$delay"; kill -9 $$) > /dev/null 2>&1 & fi
exec "$@"
`;

/** Puts before each program one that counts its start, and kills whoever started it when the time has come. */
export function setTraps(mac: Mac, programs: readonly string[]): void {
  mkdirSync(join(mac.root, 'real'));
  for (const program of programs) {
    const path = join(mac.bin, program);
    const real = existsSync(path) ? join(mac.root, 'real', program) : Bun.which(program, { PATH: mac.env['PATH'] ?? '' });
    if (existsSync(path)) renameSync(path, join(mac.root, 'real', program));
    // Where a signal may be sent to the program later, it must keep the pid; others end after whoever started them.
    const meanwhile =
      program === 'tart'
        ? `(sleep "$delay"; kill -9 "$PPID") > /dev/null 2>&1 &`
        : `'${real}' "$@" <&0 & sleep "$delay"; kill -9 "$PPID"; wait; exit`;
    const script = `#!/bin/sh
if read -r wanted delay started < '${mac.root}/kill-at' 2> /dev/null && read -r target < "$started/target" && [ "$PPID" = "$target" ]; then
  n=1
  until mkdir "$started/$n" 2> /dev/null; do n=$((n + 1)); done
  if [ "$n" = "$wanted" ] && [ "$delay" = 0 ]; then kill -9 "$PPID"; fi
  if [ "$n" = "$wanted" ]; then
    ${meanwhile}
  fi
fi
exec '${real}' "$@"
`;
    writeFileSync(path, script, { mode: 0o755 });
  }
}

/** Runs a program until that point, or its end if that comes first; and how many programs it started. */
export async function runKilled(
  mac: Mac,
  argv: readonly string[],
  { program, delay }: KillPoint,
  options: RunOptions = {},
): Promise<RunResult & { readonly started: number }> {
  // A folder of its own: what outlives this run must not count in the next.
  const started = mkdtempSync(join(mac.root, 'started-'));
  writeFileSync(join(mac.root, 'kill-at'), `${program} ${delay / 1_000} ${started}\n`);
  const result = await mac.run('/bin/sh', ['-c', TARGET, 'sh', ...argv], options);
  rmSync(join(mac.root, 'kill-at'));
  return { ...result, started: readdirSync(started).length - 1 };
}

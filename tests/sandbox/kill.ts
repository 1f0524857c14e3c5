import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mac } from './mac-api.ts';
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
read -r wanted delay < "$SANDBOX/kill-at"
echo $$ > "$SANDBOX/target"
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
    const script = `#!/bin/sh
if [ -d '${mac.root}/started' ] && read -r target < '${mac.root}/target' && [ "$PPID" = "$target" ]; then
  read -r wanted delay < '${mac.root}/kill-at'
  n=1
  until mkdir '${mac.root}/started/'$n 2> /dev/null; do n=$((n + 1)); done
  if [ "$n" = "$wanted" ] && [ "$delay" = 0 ]; then kill -9 "$PPID"; fi
  if [ "$n" = "$wanted" ]; then (sleep "$delay"; kill -9 "$PPID") > /dev/null 2>&1 & fi
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
  mkdirSync(join(mac.root, 'started'));
  writeFileSync(join(mac.root, 'kill-at'), `${program} ${delay / 1_000}\n`);
  const result = await mac.run('/bin/sh', ['-c', TARGET, 'sh', ...argv], options);
  const started = readdirSync(join(mac.root, 'started')).length;
  for (const name of ['started', 'target', 'kill-at']) rmSync(join(mac.root, name), { recursive: true });
  return { ...result, started };
}

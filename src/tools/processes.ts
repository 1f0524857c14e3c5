import { basename } from 'node:path';
import type { Processes } from '../system/processes.ts';
import type { Runner } from '../system/runner.ts';

const PS_TIMEOUT_MS = 5_000;

/**
 * True only if the pid is alive, belongs to us and its command line is `tart run … <vm>` (design D5); undefined if it is
 * alive, but `ps` does not tell.
 */
export async function isTartRunOf(vm: string, pid: number, runner: Runner, processes: Processes): Promise<boolean | undefined> {
  if (!processes.isAlive(pid)) return false;
  const ps = await runner.run({
    program: 'ps',
    args: ['-ww', '-o', 'uid=', '-o', 'command=', '-p', String(pid)],
    timeoutMs: PS_TIMEOUT_MS,
  });
  const line = /^\s*(\d+)\s+(.*)$/m.exec(ps.stdout);
  if (ps.code !== 0 || !line?.[1] || line[2] === undefined) return processes.isAlive(pid) ? undefined : false;
  return Number(line[1]) === processes.uid && isTartRun(line[2], vm);
}

/**
 * `tart` may stand behind an interpreter (Homebrew's shim) or in an app bundle; its folder may hold spaces.
 * VM names cannot (vm/name.ts), so words are enough to find them.
 */
export function isTartRun(commandLine: string, vm: string): boolean {
  const words = commandLine.split(/\s+/);
  const run = words.findIndex((word, index) => word === 'run' && basename(words[index - 1] ?? '') === 'tart');
  return run > 0 && words.slice(run + 1).includes(vm);
}

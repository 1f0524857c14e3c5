import { readdirSync, readFileSync } from 'node:fs';

/** Text of a file of /proc, empty when the process is gone. */
export function procText(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Process 1 of a container: the descendant that is 1 in the innermost of `depth` pid namespaces below ours. Looked up each time,
 * as a reboot of the guest starts another one. (Not every kernel has /proc/<pid>/task/<tid>/children.)
 */
export function findLeader(ancestor: number, depth: number): number | undefined {
  const own = pidsIn(procText('self/status')).length;
  const parents = new Map<number, number>();
  const leaders: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const status = procText(`${name}/status`);
    parents.set(Number(name), Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
    const pids = pidsIn(status);
    if (pids.length === own + depth && pids.at(-1) === 1) leaders.push(Number(name));
  }
  const isBelow = (pid: number | undefined): boolean => pid !== undefined && (pid === ancestor || isBelow(parents.get(pid)));
  return leaders.find(isBelow);
}

const pidsIn = (status: string): number[] => (/^NSpid:(.*)$/m.exec(status)?.[1] ?? '').trim().split(/\s+/).map(Number);

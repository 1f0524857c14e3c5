import { readdirSync, readFileSync } from 'node:fs';
import { waitUntil } from './wait.ts';

/** Pids of every process that was started in this sandbox, however detached: its folder is in their environment. */
export function processesOf(root: string): number[] {
  const marker = `SANDBOX=${root}`;
  if (process.platform === 'linux') {
    const isMarked = (pid: string) => environmentOf(pid).includes(`${marker}\0`) && !isZombie(pid);
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) && isMarked(name) ? [Number(name)] : []));
  }
  const { stdout } = Bun.spawnSync(['ps', '-axww', '-E', '-o', 'pid=,ppid=,pgid=,command=']);
  return belongingTo(stdout.toString(), [marker, `${root}/`]);
}

/**
 * Pids of the processes that `ps` shows with one of these marks, of what they started and is still below them, and of what is in a process
 * group with one of all these. macOS does not show the environment of Apple's own programs: an orphaned `sleep` bears no mark.
 */
export function belongingTo(listing: string, marks: readonly string[]): number[] {
  const rows = [...listing.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/gm)].map(([, pid, parent, group, text = '']) => ({
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    isMarked: marks.some((mark) => text.includes(mark)),
  }));
  // Our own group and that of whoever started the tests hold others, too.
  const own = rows.find(({ pid }) => pid === process.pid)?.group;
  const found = new Set<number>();
  const groups = new Set<number>();
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { pid, parent, group, isMarked } of rows) {
      if (!isMarked && !found.has(parent) && !groups.has(group)) continue;
      found.add(pid);
      if (group !== own) groups.add(group);
    }
  }
  found.delete(process.pid);
  return [...found];
}

/**
 * Waits until no process of this sandbox is left. One that ends loses its environment, by which it is known, before its files are closed and
 * their locks dropped: so whatever ends on this machine at that moment is waited for.
 */
export function untilAllEnd(root: string): Promise<void> {
  return waitUntil(`the end of all processes of ${root}`, () => processesOf(root).length === 0 && !isAnyEnding());
}

/** Whether a process of this sandbox has ended, up to its last file. */
export function hasEnded(root: string, pid: number): boolean {
  return process.platform === 'linux' ? isZombie(String(pid)) : !processesOf(root).includes(pid);
}

/** PF_EXITING of Linux's sched.h, which zombies keep. */
const EXITING = 0x4;

function isAnyEnding(): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const [state = '', , , , , , flags = '0'] = statOf(name);
    return !'ZX'.includes(state) && (Number(flags) & EXITING) !== 0;
  });
}

/** As it stands in memory, each entry ended by a NUL; empty for what is gone, or somebody else's. */
function environmentOf(pid: string): Buffer {
  try {
    return readFileSync(`/proc/${pid}/environ`);
  } catch {
    return Buffer.of();
  }
}

/** What follows the name in proc(5)'s stat: state, parent, group, session, terminal, its group, flags. A dead one (X) for what is gone. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return ['X'];
  }
}

const isZombie = (pid: string): boolean => 'ZX'.includes(statOf(pid)[0] ?? 'X');

/** SIGKILL until none is left, nor a lock of one: a process may have had a child meanwhile. */
export async function killAll(root: string): Promise<void> {
  const killed = new Set<number>();
  await waitUntil(`the end of all processes of ${root}`, () => {
    const pids = processesOf(root);
    for (const pid of pids) {
      signal(pid, 'SIGKILL');
      killed.add(pid);
    }
    return pids.length === 0 && [...killed].every((pid) => hasEnded(root, pid));
  });
}

/** false: there is no such process. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

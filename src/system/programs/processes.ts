import { errorCode } from '../errno.ts';
import { readIfExists } from '../files/files.ts';

export interface Processes {
  /** rusta itself. */
  readonly pid: number;
  /** The user that rusta runs as. */
  readonly uid: number;
  /** True while a process with this pid runs and may be signalled by us. */
  isAlive(pid: number): boolean;
  /** False if it is gone or not ours. */
  signal(pid: number, signal: NodeJS.Signals): boolean;
}

export const systemProcesses: Processes = {
  pid: process.pid,
  uid: process.getuid?.() ?? -1,
  isAlive: (pid) => send(pid, 0) && !isZombie(pid),
  signal: (pid, signal) => send(pid, signal),
};

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  // 0, 1 and negative numbers mean whole groups or init: never ours.
  if (!Number.isSafeInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

/** Ended, but not yet collected by its parent. launchd collects at once; the first process of a Linux container may take its time. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readIfExists(`/proc/${pid}/stat`) ?? '';
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // While a thread lives, so do the process's files and locks, though its first thread has ended.
    return state === 'Z' && Number(fields[THREADS]) <= 1;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return true; // gone while we looked
    throw error;
  }
}

/** Where proc(5) has `num_threads`, counted from behind the state. */
const THREADS = 16;

import { errorCode } from '../errno.ts';
import { readIfExists } from '../files/files.ts';

export interface Processes {
  /** The pid of rusta itself. */
  readonly pid: number;
  /** The user that rusta runs as. */
  readonly uid: number;
  /** Tells whether a process with this pid runs that we may signal. */
  isAlive(pid: number): boolean;
  /** Sends a signal. Returns false if the process is gone or not ours. */
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

/**
 * Tells whether a process has ended, but was not yet collected by its parent. launchd collects at once; the first process of a Linux
 * container may take its time.
 */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const stat = readIfExists(`/proc/${pid}/stat`) ?? '';
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // While any thread lives, the files and locks of its process stay open, though the first thread has ended.
    return state === 'Z' && Number(fields[THREADS]) <= 1;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return true; // gone while we looked
    throw error;
  }
}

/** Position of `num_threads` in proc(5), counted from the state. */
const THREADS = 16;

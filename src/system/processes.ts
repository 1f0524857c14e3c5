import { errorCode } from './files.ts';

export interface Processes {
  /** The user that rusta runs as. */
  readonly uid: number;
  /** True while a process with this pid exists and may be signalled by us (a zombie still exists). */
  isAlive(pid: number): boolean;
  /** False if it is gone or not ours. */
  signal(pid: number, signal: NodeJS.Signals): boolean;
}

export const systemProcesses: Processes = {
  uid: process.getuid?.() ?? -1,
  isAlive: (pid) => send(pid, 0),
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

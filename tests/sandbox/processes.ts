import { readdirSync, readFileSync } from 'node:fs';
import { waitUntil } from './wait.ts';

/** Pids of every process that was started in this sandbox, however detached: its folder is in their environment. */
export function processesOf(root: string): number[] {
  const marker = `SANDBOX=${root}`;
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(marker))
      .map(Number);
  }
  const { stdout } = Bun.spawnSync(['ps', '-axww', '-E', '-o', 'pid=,command=']);
  return stdout
    .toString()
    .split('\n')
    .filter((line) => line.includes(marker) || line.includes(`${root}/`))
    .map((line) => Number.parseInt(line, 10));
}

function environmentOf(pid: string): string[] {
  try {
    const isZombie = readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    return isZombie ? [] : readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // gone, or somebody else's
  }
}

/** SIGKILL until none is left: a process may have had a child meanwhile. */
export async function killAll(root: string): Promise<void> {
  await waitUntil(`the end of all processes of ${root}`, () => {
    const pids = processesOf(root);
    for (const pid of pids) signal(pid, 'SIGKILL');
    return pids.length === 0;
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

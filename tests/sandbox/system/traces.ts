import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { GuestVm } from '../guest.ts';
import { procText } from './processes.ts';
import { output } from './programs.ts';
import { lastBoot } from './state.ts';

/** The cleaner that every guest leaves behind is the last to go: with nothing left to clean, it may still be at its last line. */
const LAST_LINE_MS = 2_000;

/** What one boot of a VM can leave on the host. Take it while the guest runs: `left()` lists what of it is still there. */
export async function tracesOf(vm: Pick<GuestVm, 'folder'>, guest: { readonly ip: string }) {
  const run = await lastBoot(vm.folder);
  const network = guest.ip.replace(/\d+$/, (last) => String(Number(last) - 2));
  const apartFromProcesses = async (): Promise<string[]> => {
    const links = await output(['ip', '-oneline', '-4', 'route', 'show', `${network}/30`]);
    const mounts = procText('self/mountinfo')
      .split('\n')
      .filter((line) => line.includes(run) || line.includes(vm.folder));
    const groups = await output(['unshare', '--mount', 'sh', '-c', 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && ls /sys/fs/cgroup']);
    return [
      ...links.split('\n').filter(Boolean),
      ...mounts,
      ...groups.split('\n').filter((group) => group === basename(run)),
      ...(existsSync(run) ? [run] : []),
    ];
  };
  const left = async (): Promise<string[]> => {
    const others = await apartFromProcesses();
    const deadline = Date.now() + LAST_LINE_MS;
    for (;;) {
      const processes = processesOf(run);
      if (others.length > 0 || processes.length === 0 || Date.now() > deadline) return [...others, ...processes];
      await Bun.sleep(10);
    }
  };
  return { run, left };
}

function processesOf(run: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => `process ${pid}: ${procText(`${pid}/cmdline`).replaceAll('\0', ' ')}`);
  return lines.filter((line) => line.includes(run)).map((line) => line.slice(0, 200));
}

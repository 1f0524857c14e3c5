import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { BootedGuest, GuestVm } from '../guest.ts';
import { procText } from './processes.ts';
import { output } from './programs.ts';
import { lastBoot } from './state.ts';

/** What one boot of a VM can leave on the host. Take it while the guest runs: `left()` lists what of it is still there. */
export async function tracesOf(vm: GuestVm, guest: BootedGuest & { readonly ip: string }) {
  const run = await lastBoot(vm.folder);
  const network = guest.ip.replace(/\d+$/, (last) => String(Number(last) - 2));
  const left = async (): Promise<string[]> => {
    const links = await output(['ip', '-oneline', '-4', 'route', 'show', `${network}/30`]);
    const mounts = procText('self/mountinfo')
      .split('\n')
      .filter((line) => line.includes(run) || line.includes(vm.folder));
    const processes = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && procText(`${pid}/cmdline`).includes(run));
    const groups = await output(['unshare', '--mount', 'sh', '-c', 'mount -t cgroup2 cgroup2 /sys/fs/cgroup && ls /sys/fs/cgroup']);
    return [
      ...links.split('\n').filter(Boolean),
      ...mounts,
      ...processes.map((pid) => `process ${pid}: ${procText(`${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 200)}`),
      ...groups.split('\n').filter((group) => group === basename(run)),
      ...(existsSync(run) ? [run] : []),
    ];
  };
  return { run, left };
}

import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GuestKind } from '../guest.ts';
import type { Context } from '../standin/context.ts';
import { beginMounts } from './programs/mount.ts';
import { createSkeleton } from './skeleton.ts';

/** A guest that is a folder: its commands run here, on the host, with paths mapped into it. */
export const createScratchGuest = (context: Context): GuestKind => ({
  clone: async (from, to) => {
    const guest = join(to, 'guest');
    if (from !== undefined && existsSync(join(from, 'guest'))) {
      cpSync(join(from, 'guest'), guest, { recursive: true, verbatimSymlinks: true });
    } else {
      createSkeleton(guest, context.knobs().user);
    }
  },
  remove: async () => {},
  boot: async ({ name, folder, machineFolder, macAddress, shares }) => {
    beginMounts(folder, shares);
    // Its stdin is the power cord: whatever way `tart run` ends, the machine sees the end of it and dies.
    const machine = Bun.spawn({
      cmd: [process.execPath, machineFolder, join(folder, 'guest'), name, macAddress],
      argv0: 'scratch-machine',
      env: process.env,
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const dhcp = join(machineFolder, 'dhcp');
    return {
      agentSocket: join(machineFolder, 'agent.sock'),
      address: async () => (existsSync(dhcp) ? readFileSync(dhcp, 'utf8') : undefined),
      powerButton: () => machine.kill('SIGUSR2'),
      powerCut: () => void machine.stdin.end(),
      ended: machine.exited.then((code) => (code === 0 ? {} : { crash: `machine exited with ${code}` })),
    };
  },
});

import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BootedGuest, GuestVm } from '../guest.ts';
import bootScript from './boot.sh' with { type: 'text' };
import cleanupScript from './cleanup.sh' with { type: 'text' };
import launchScript from './launch.sh' with { type: 'text' };
import { findLeader, procText } from './processes.ts';
import { HOST_ENV, output } from './programs.ts';
import { lastBoot, recordBoot, statePaths } from './state.ts';

/** SIGRTMIN+4: asks systemd for poweroff.target. Reaches process 1 only once it listens, like a real power button. */
const POWEROFF = 38;
/** Our unshare makes one pid namespace, nspawn another. */
const NAMESPACES = 2;
/**
 * One folder for each boot; its name is also that of the cgroup and the machine. Not in $TMPDIR: a Unix socket's path has room
 * for about 100 bytes.
 */
const RUN_FOLDERS = '/tmp/rusta-guest-';

/** Starts a guest over the VM's layer; `agent` is the program that is its guest agent. */
export async function bootGuest(vm: GuestVm, agent: string): Promise<BootedGuest> {
  await cleanUp(vm.folder);
  const { state } = statePaths(vm.folder);
  // Recorded before it exists, so whatever happens from here on, the next boot knows what to clean.
  const run = RUN_FOLDERS + crypto.randomUUID().slice(0, 8);
  await recordBoot(vm.folder, run);

  const lines = vm.shares.map(({ tag, name = '', readOnly, path }) => `${[tag, name, readOnly ? 'ro' : 'rw', path].join('\t')}\n`);
  await Bun.write(join(state, 'shares'), lines.join(''));
  const slot = String(firstSlot(vm.macAddress));
  const launch = [launchScript, 'launch.sh', run, cleanupScript, bootScript];
  const hardware = [state, run, await realpath(agent), basename(run), vm.macAddress, slot];
  const console = openSync(join(vm.folder, 'console.log'), 'w');
  // Whoever dies first takes the rest along: this process, unshare, process 1 of its namespaces.
  const child = Bun.spawn(['setpriv', '--pdeathsig', 'KILL', 'sh', '-c', ...launch, ...hardware], {
    env: HOST_ENV,
    // A terminal's Ctrl-C is for tart, which turns it into what it means.
    detached: true,
    stdio: ['ignore', console, console],
  });
  closeSync(console);

  let cut = false;
  const end = async () => {
    const code = await child.exited;
    // The network must be free and the disk at rest before anybody calls the guest off.
    await removeTraces(run);
    if (code === 0 || cut) return {};
    const lastWords = (
      await Bun.file(join(vm.folder, 'console.log'))
        .text()
        .catch(() => '')
    )
      .trim()
      .split('\n')
      .at(-1);
    return { crash: `guest ended with ${child.signalCode ?? code}: ${lastWords}` };
  };
  return {
    agentSocket: join(run, 'agent', 'agent.sock'),
    address: async () => configuredAddress(run, findLeader(child.pid, NAMESPACES)),
    powerButton: () => {
      const leader = findLeader(child.pid, NAMESPACES);
      if (leader !== undefined) process.kill(leader, POWEROFF);
    },
    powerCut: () => {
      cut = true;
      child.kill('SIGKILL');
    },
    ended: end(),
  };
}

/** Ends the VM's guest if it still runs, and removes what it left on the host; twice is as good as once. */
export async function cleanUp(vmFolder: string): Promise<void> {
  const run = await lastBoot(vmFolder);
  if (run.startsWith(RUN_FOLDERS) && existsSync(run)) await removeTraces(run);
}

const removeTraces = (run: string) => output(['unshare', '--mount', 'sh', '-c', cleanupScript, 'cleanup.sh', 'kill', run]);

/** The same VM gets the same address at each boot, as long as nobody else took it. */
const firstSlot = (macAddress: string): number => Number(Bun.hash(macAddress.toLowerCase()) % 1024n);

/** The address we planned for the guest, once its routing table shows that it uses it. */
function configuredAddress(run: string, leader: number | undefined): string | undefined {
  if (leader === undefined || !/^enp0s1\t/m.test(procText(`${leader}/net/route`))) return undefined;
  try {
    return readFileSync(join(run, 'address'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

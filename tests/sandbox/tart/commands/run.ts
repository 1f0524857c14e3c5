import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BootedGuest } from '../../guest.ts';
import { type Behavior, behaviorOf } from '../../knobs.ts';
import { guestKind } from '../../standin/guest-kind.ts';
import { err, out } from '../../standin/io.ts';
import { pause } from '../../standin/pause.ts';
import { recordEvent } from '../../standin/record.ts';
import type { Invocation, Subcommand } from '../command-line/command.ts';
import { checkDevices } from '../command-line/run-options.ts';
import { serveControl } from '../control-socket.ts';
import { runtimeError } from '../errors.ts';
import { addLease } from '../store/leases.ts';
import { holdFlock, takeVmLock } from '../store/locks.ts';
import { avoidMacClash } from '../store/mac-clash.ts';
import { readConfig } from '../store/vm.ts';

/** Foreground, silent while all is well, lives as long as its VM. */
export const run: Subcommand = async (invocation) => {
  const { context, home, args } = invocation;
  const name = args.positionals[0] ?? '';
  const folder = join(home.vms, name);
  const knobs = context.knobs();
  const behavior = behaviorOf(knobs, name);
  const global = holdFlock(home.folder);
  recordEvent(context.root, 'starting', name);
  avoidMacClash(home, folder);
  const shares = checkDevices(args);
  const { macAddress } = readConfig(folder);
  await pause(context, ({ lock }) => lock);
  if (!takeVmLock(folder)) throw runtimeError(`VM "${name}" is already running!`, 2);
  global.release();
  recordEvent(context.root, 'locked', name);
  if (behavior.bootError !== undefined) {
    err(behavior.bootError);
    return 1;
  }
  const machineFolder = join(context.root, 'machines', String(process.pid));
  mkdirSync(machineFolder, { recursive: true });
  const guest = await (await guestKind(context)).boot({ name, folder, macAddress, root: context.root, machineFolder, shares });
  return await lifeOf(guest, { invocation, name, folder, macAddress, machineFolder, behavior });
};

interface Machine {
  readonly invocation: Invocation;
  readonly name: string;
  readonly folder: string;
  readonly macAddress: string;
  readonly machineFolder: string;
  readonly behavior: Behavior;
}

interface End {
  readonly code: number;
  readonly line?: string;
}

async function lifeOf(guest: BootedGuest, machine: Machine): Promise<number> {
  const { invocation, name, behavior } = machine;
  const { root } = invocation.context;
  const killed = Promise.withResolvers<End>();
  process.on('SIGINT', () => {
    if (behavior.ignoresStop) return;
    out('Stopping VM...');
    killed.resolve({ code: 0 });
  });
  process.on('SIGUSR2', () => {
    out('Requesting guest OS to stop...');
    if (!behavior.ignoresPowerButton) guest.powerButton();
  });
  process.on('SIGUSR1', () => {
    out('Failed to suspend the VM: Error Domain=VZErrorDomain Code=2 "Saving the state of this virtual machine is not supported."');
    killed.resolve({ code: 1 });
  });
  if (behavior.crashAfter !== undefined) {
    const line = 'guest has stopped the virtual machine due to error: Error Domain=VZErrorDomain Code=1 "Internal Virtualization error."';
    setTimeout(() => killed.resolve({ code: 0, line }), behavior.crashAfter);
  }
  if (!openControl(guest, machine)) killed.resolve({ code: 1 });
  if (behavior.ip !== 'never') void leaseAddress(guest, machine);
  const off = guest.ended.then(({ crash }): End => {
    const line = 'guest has stopped the virtual machine';
    return { code: 0, line: crash === undefined ? line : `${line} due to error: ${crash}` };
  });
  const end = await Promise.race([killed.promise, off]);
  guest.powerCut();
  await guest.ended;
  recordEvent(root, 'guest-off', name);
  if (end.line !== undefined) out(end.line);
  recordEvent(root, 'run-exit', name, { code: end.code });
  return end.code;
}

/** false: the socket could not be bound, and this version of Tart minds. */
function openControl(guest: BootedGuest, { invocation, name, folder, behavior }: Machine): boolean {
  const { root } = invocation.context;
  // Tart's clean-up misses the VM's folder and hits the current one (trap 2).
  rmSync(resolve('control.sock'), { force: true });
  process.chdir(folder);
  let agentDead = behavior.agent === 'never';
  const loss = behavior.lossDuringExec;
  try {
    const control = serveControl({
      agentSocket: guest.agentSocket,
      isUp: () => !agentDead,
      answered: (since) => recordEvent(root, 'agent-up', name, { at: since, noticed: Date.now() }),
      asked: (command) => {
        if (loss && command.includes(loss.command)) setTimeout(loss.of === 'power' ? () => guest.powerCut() : loseAgent, loss.after);
      },
    });
    const loseAgent = () => {
      agentDead = true;
      control.dropAll();
    };
    return true;
  } catch (error) {
    if (behavior.socketError === 'silent') return true;
    err(`Failed to run control socket: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function leaseAddress(guest: BootedGuest, { invocation, name, macAddress, machineFolder }: Machine): Promise<void> {
  const { root } = invocation.context;
  for (;;) {
    const ip = await guest.address();
    if (ip !== undefined) {
      addLease(root, { mac: macAddress, ip, expires: Date.now() + invocation.context.knobs().timing.lease });
      writeFileSync(join(machineFolder, 'address'), ip);
      recordEvent(root, 'ip', name, { ip });
      return;
    }
    await Bun.sleep(10);
  }
}

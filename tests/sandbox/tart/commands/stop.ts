import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Subcommand } from '../command-line/command.ts';
import { notRunning, runtimeError } from '../errors.ts';
import { lockOwner } from '../store/locks.ts';
import { localVm, stateOf } from '../store/vm.ts';

/** SIGINT to the holder of the lock, polls, SIGKILL. It never asks the guest. */
export const stop: Subcommand = async ({ context, home, args }) => {
  const name = args.positionals[0] ?? '';
  const folder = localVm(home, name);
  const state = stateOf(folder);
  if (state === 'suspended') rmSync(join(folder, 'state.vzvmsave'));
  if (state === 'stopped') throw notRunning(name);
  if (state !== 'running') return 0;
  const { stopPoll, stopSecond } = context.knobs().timing;
  const defaultSeconds = 30;
  const patience = (args.number('--timeout') ?? defaultSeconds) * stopSecond;
  kill(lockOwner(folder), 'SIGINT');
  for (let waited = 0; waited < patience; waited += stopPoll) {
    if (lockOwner(folder) === 0) return 0;
    await Bun.sleep(stopPoll);
  }
  const owner = lockOwner(folder);
  if (owner !== 0 && !kill(owner, 'SIGKILL')) {
    throw runtimeError(`failed to forcefully terminate the VM "${name}": Operation not permitted`);
  }
  return 0;
};

/** Not usable for Linux guests: the signal makes `run` end with 1 (trap 6). */
export const suspend: Subcommand = ({ home, args }) => {
  const name = args.positionals[0] ?? '';
  const owner = lockOwner(localVm(home, name));
  if (owner === 0) throw runtimeError(`VM "VM "${name}" is not running" is not running`, 2);
  kill(owner, 'SIGUSR1');
  return 0;
};

function kill(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as { code?: string }).code === 'ESRCH';
  }
}

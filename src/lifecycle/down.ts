import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { RustaError } from '../errors.ts';
import type { Lock } from '../system/files/lock.ts';
import { asWord } from '../text/shell.ts';
import { endSharedConnections } from '../vm/names/shared-connection.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { verifiedPid } from '../vm/verified-pid.ts';
import { forceOff, shutDown } from './shutdown.ts';

export interface DownOptions {
  /** Cuts the power instead of asking the guest. */
  readonly force: boolean;
  readonly timeoutMs: number;
}

/** Stops a VM (spec 4.2). Throws RustaError for a VM that does not exist, or does not stop. */
export async function bringDown(app: App, name: string | undefined, { force, timeoutMs }: DownOptions): Promise<ResultOf<'down'>> {
  const vm = await resolveOrAskVm(app, name);
  if (vm.status === 'suspended') return dropSnapshot(app, vm.name, force);
  // Tart does not call a VM "running" in its first moment: a boot that has just begun must be stopped too.
  const isOn = vm.status === 'running' || (await verifiedPid(app, vm.name, false)) !== undefined;
  if (!isOn) {
    app.out.skip(`VM '${vm.name}' is already stopped`);
    return { vm: vm.name, changed: false, status: 'stopped' };
  }
  app.progress.step(`${force ? 'Stopping' : 'Shutting down'} VM '${vm.name}'`);
  if (force) await forceOff(app, vm.name);
  else await shutDownUnderLock(app, vm.name, timeoutMs);
  await endSharedConnections(app, vm.name);
  app.progress.ok(`VM '${vm.name}' is stopped`);
  return { vm: vm.name, changed: true, status: 'stopped' };
}

/**
 * Shuts the VM down under its lock, so that an `up` meanwhile knows about it. If another command holds the lock, such as `create`, that
 * loses its VM and is not waited for.
 */
async function shutDownUnderLock(app: App, vm: string, timeoutMs: number): Promise<void> {
  const lock = await lockWherePossible(app, vm);
  try {
    await shutDown(app, vm, { timeoutMs });
  } finally {
    lock?.release();
  }
}

/** Takes the lock if that is possible: it only informs others, and a VM must stop on a full disk, or if our folder is out of use. */
async function lockWherePossible(app: App, vm: string): Promise<Lock | undefined> {
  try {
    const result = await app.locks.tryAcquire(vm, downPurpose(vm));
    return 'lock' in result ? result.lock : undefined;
  } catch (error) {
    if (error instanceof RustaError && error.code === 'file_failed') return undefined;
    throw error;
  }
}

/** Returns the name of a lock's holder while it shuts the VM down. */
export function downPurpose(vm: string): string {
  return `rusta down ${vm}`;
}

async function dropSnapshot(app: App, vm: string, force: boolean): Promise<ResultOf<'down'>> {
  if (!force) {
    app.out.skip(
      `VM '${vm}' is suspended, not running: 'rusta down ${asWord(vm)} --force' drops what it had in memory, and it can start again`,
    );
    return { vm, changed: false, status: 'suspended' };
  }
  await app.progress.during(`Dropping the snapshot of VM '${vm}'`, () => app.tart.stop(vm), `VM '${vm}' is stopped`);
  return { vm, changed: true, status: 'stopped' };
}

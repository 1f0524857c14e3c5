import type { App } from '../../app.ts';
import { ReportedError, RustaError } from '../../errors.ts';
import { waitForGuest } from '../../lifecycle/agent.ts';
import { failWhenStopped, handOver, launch } from '../../lifecycle/boot.ts';
import { settlesWithin } from '../../system/clock.ts';
import type { Lock } from '../../system/files/lock.ts';
import type { Detached } from '../../system/programs/detached.ts';
import { forgetVm } from '../../vm/forget.ts';
import type { Share } from '../../vm/shares.ts';
import { copyVm } from '../clone/copy.ts';
import { createSteps } from '../steps.ts';

export interface ThrowAway {
  /** The VM that it is a copy of. */
  readonly source: string;
  /** The command, as it is shown to others that find a VM busy. */
  readonly purpose: string;
  /** The folders of the Mac that it sees. */
  readonly shares: readonly Share[];
  /** Leaves it running once the work has begun. */
  readonly keep: boolean;
}

/** Milliseconds from the cut of the power to SIGKILL. */
const CUT_MS = 5_000;

/**
 * Does work in a copy that is made for it, and removes the copy however the work ends (D23). Holds the lock of the VM meanwhile: a VM
 * whose lock is free has lost its run. Throws RustaError.
 */
export async function inThrowAwayVm<T>(app: App, throwAway: ThrowAway, work: (vm: string) => Promise<T>): Promise<T> {
  const { keep } = throwAway;
  const vm = `run-${crypto.randomUUID().slice(0, 8)}`;
  using lock = await app.locks.acquire(vm, throwAway.purpose, 0);
  let tartRun: Detached | undefined;
  let isKept = false;
  try {
    await copy(app, vm, lock, throwAway);
    tartRun = await boot(app, vm, throwAway);
    isKept = keep;
    return await work(vm);
  } finally {
    app.progress.end('stopped');
    if (isKept) leave(app, vm, tartRun);
    else if (await app.interrupt.shield(() => remove(app, vm, tartRun))) lock.discard();
  }
}

/** Makes the copy. Throws RustaError if it fails, and nothing is left of the copy then. */
async function copy(app: App, vm: string, lock: Lock, { source, purpose, keep }: ThrowAway): Promise<void> {
  const next = (isGone: boolean) => (isGone ? 'Nothing was run, and nothing is left of its VM.' : "The next 'rusta run' removes it.");
  // A VM that is kept becomes one like others.
  const record = keep ? ({ identity: 'pending' } as const) : { throwAway: vm };
  await copyVm(app, { vm, lock, source, sizes: {}, record, purpose, next }, await app.tart.list(), createSteps(app));
  await app.store.update((edit) => edit.setVm(vm, { phase: undefined }));
}

async function boot(app: App, vm: string, { shares }: ThrowAway): Promise<Detached> {
  app.progress.step(`Starting VM '${vm}'`);
  const tartRun = await launch(app, vm, { shares, window: false, owned: true });
  if (tartRun === undefined) throw new RustaError('busy', `VM '${vm}' was started by someone else meanwhile`);
  try {
    await waitForGuest(app, vm, tartRun.pid, (finished) => failWhenStopped(app, vm, tartRun, finished));
    app.progress.end('done');
    return tartRun;
  } catch (error) {
    await cutPower(app, vm, tartRun);
    throw error;
  }
}

/** Hands the VM over to the user, unless the command has switched the guest off. */
function leave(app: App, vm: string, tartRun: Detached | undefined): void {
  if (tartRun?.exitCode() === undefined && tartRun !== undefined) handOver(app, vm, tartRun);
  else app.pids.remove(vm, tartRun?.pid);
}

/** Removes the VM and all that is known of it. Returns false if that fails, which leaves it to the next `run`. */
async function remove(app: App, vm: string, tartRun: Detached | undefined): Promise<boolean> {
  try {
    if (tartRun !== undefined) await cutPower(app, vm, tartRun);
    if (app.tartFiles.mark(vm) !== undefined) await app.tart.delete(vm);
    await forgetVm(app, vm);
    return true;
  } catch (error) {
    if (!(error instanceof ReportedError)) throw error;
    app.out.warn(`VM '${vm}' could not be removed: ${error.message}; the next 'rusta run' tries again`);
    return false;
  }
}

/** Cuts the power of a VM in which there is nothing to lose. */
async function cutPower(app: App, vm: string, tartRun: Detached): Promise<void> {
  if (tartRun.exitCode() === undefined) tartRun.kill('SIGINT');
  await settlesWithin(app.clock, tartRun.exited, CUT_MS);
  if (tartRun.exitCode() === undefined) tartRun.kill('SIGKILL');
  await tartRun.exited;
  app.pids.remove(vm, tartRun.pid);
}

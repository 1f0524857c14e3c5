import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { Interrupted, RustaError } from '../errors.ts';
import { vmBusy } from '../state/vm-lock.ts';
import type { Detached } from '../system/programs/detached.ts';
import { asWord } from '../text/shell.ts';
import { recallAddress } from '../vm/address/boot.ts';
import { findVmUnderLock, resolveOrAskVm } from '../vm/resolve.ts';
import { formatShare, type ShareRequest } from '../vm/shares.ts';
import { verifiedPid } from '../vm/verified-pid.ts';
import { waitForGuest } from './agent.ts';
import { announceRunning, followAddress } from './announce.ts';
import { failWhenEnded, failWhenStopped, type LaunchOptions, launch } from './boot.ts';
import { downPurpose } from './down.ts';
import { settleIdentity } from './identity.ts';
import { powerOffOwnedVm } from './power-off.ts';
import { mountShares, sharesOf } from './shares.ts';

/** Milliseconds: another rusta holds a VM's lock only while it starts or removes the VM; a guest that is shutting down takes longer. */
const LOCK_WAIT_MS = 10_000;
const DOWN_WAIT_MS = 120_000;
const ENDING_POLL_MS = 50;

export interface UpOptions {
  /** undefined boots it as it was chosen at its creation. */
  readonly window?: boolean | undefined;
  /** Folders that it sees in this boot, beside those on record (D24). */
  readonly shares?: readonly ShareRequest[];
}

/** Starts a VM and waits for its guest agent (spec 4.1). */
export async function bringUp(app: App, name: string | undefined, { window, shares: once = [] }: UpOptions = {}): Promise<ResultOf<'up'>> {
  const vm = await resolveOrAskVm(app, name);
  if (vm.status === 'running' && once.length > 0) throw sharesNeedBoot(vm.name, once);
  const joined = vm.status === 'running' ? await stayedOn(app, vm.name, window) : undefined;
  if (joined !== undefined) return joined;
  const record = app.store.read().vms.get(vm.name);
  if (record?.phase !== undefined) {
    // It runs by the time that somebody types this, and `--resume` takes only a VM that is off.
    const resume = `rusta down ${asWord(vm.name)} && rusta create ${asWord(vm.name)} --resume`;
    app.out.warn(`VM '${vm.name}' is not complete, its creation stopped while ${record.phase}: '${resume}' goes on`);
  }
  // A user who starts a VM that a killed `run` has left keeps it.
  if (record?.throwAway !== undefined) await app.store.update((edit) => edit.setVm(vm.name, { throwAway: undefined }));
  const withWindow = window ?? record?.window ?? false;
  const shares = sharesOf(app, vm.name, once);
  const tartRun = await start(app, vm.name, { window: withWindow, shares });
  if (tartRun === 'running' || tartRun === 'starting') {
    if (once.length > 0) throw sharesNeedBoot(vm.name, once);
    return joinBoot(app, vm.name, window);
  }
  try {
    await awaitStart(app, vm.name, tartRun, withWindow);
    const trouble = await mountShares(app, vm.name, shares).catch(toldLater(vm.name, once));
    const address = await announceRunning(app, vm.name, (finished) => failWhenStopped(app, vm.name, tartRun, finished));
    if (trouble !== undefined) throw trouble;
    return { vm: vm.name, changed: true, gui: withWindow, address };
  } finally {
    tartRun.release();
  }
}

/** Waits for the guest. A VM that runs by then stays on, whatever fails. */
async function awaitStart(app: App, vm: string, tartRun: Detached, withWindow: boolean): Promise<void> {
  try {
    app.progress.step(`Starting VM '${vm}' (${withWindow ? 'with a window' : 'headless'})`);
    await waitForGuest(app, vm, tartRun.pid, (finished) => failWhenStopped(app, vm, tartRun, finished));
  } catch (error) {
    app.progress.end('stopped');
    if (error instanceof Interrupted) app.out.notice(`VM '${vm}' keeps starting. 'rusta down ${asWord(vm)}' stops it.`);
    else await stopUnlessRunning(app, vm, tartRun);
    if (withWindow && lacksDesktop(app, error)) error.withHint(`Without a window it boots anywhere: rusta up ${asWord(vm)} --no-gui`);
    throw error;
  }
}

function sharesNeedBoot(vm: string, shares: readonly ShareRequest[]): RustaError {
  return new RustaError('vm_running', `VM '${vm}' is running, and folders can only be shared when it starts`, {
    hint: `Start it anew: ${restartCommand(vm, shares)}`,
  });
}

function restartCommand(vm: string, shares: readonly ShareRequest[]): string {
  return ['rusta', 'restart', vm, ...shares.flatMap((share) => ['--share', formatShare(share)])].map(asWord).join(' ');
}

/** Returns a function that adds to an error that the VM runs all the same. */
function toldLater(vm: string, shares: readonly ShareRequest[]): (error: unknown) => RustaError {
  return (error) => {
    if (!(error instanceof RustaError) || error.code !== 'share_failed') throw error;
    return error.withHint(
      `The VM runs. Look at its mounts with 'rusta ssh ${asWord(vm)} -- findmnt', then try again: ${restartCommand(vm, shares)}`,
    );
  };
}

/**
 * Tells whether a boot failed because a window needs the desktop of somebody who is logged in at the Mac: over ssh, under launchd and in
 * CI there is none.
 */
function lacksDesktop({ env }: App, error: unknown): error is RustaError {
  if (!(error instanceof RustaError) || error.code !== 'boot_failed') return false;
  return env['SSH_CONNECTION'] !== undefined || error.message.includes('no desktop session');
}

/** Returns undefined if the VM that runs is about to be off, because `down` is at work. Throws RustaError if another command needs it. */
async function stayedOn(app: App, vm: string, window: boolean | undefined): Promise<ResultOf<'up'> | undefined> {
  const result = await app.locks.tryAcquire(vm, `rusta up ${vm}`);
  if ('lock' in result) {
    result.lock.release();
    return joinBoot(app, vm, window);
  }
  if (result.heldBy.startsWith(downPurpose(vm))) {
    app.progress.step(`VM '${vm}' is being shut down by '${result.heldBy}': waiting for that, to start it again`);
    return undefined;
  }
  if (result.heldBy.startsWith('rusta up ')) return undefined;
  throw vmBusy(app, vm, result.heldBy);
}

/** Joins the boot of a VM that somebody else has started, and waits for its agent if rusta knows that it has not answered yet. */
async function joinBoot(app: App, vm: string, window: boolean | undefined): Promise<ResultOf<'up'>> {
  const pid = app.pids.read(vm) ?? (await verifiedPid(app, vm));
  const boot = pid === undefined ? undefined : app.pids.boot(vm, pid);
  let address: string | null;
  if (pid !== undefined && boot?.ready === false && (await verifiedPid(app, vm)) === pid) {
    app.progress.step(`VM '${vm}' is starting already: waiting for its guest agent`);
    await waitForGuest(app, vm, pid, failWhenEnded(app, vm, pid));
    address = await announceRunning(app, vm, failWhenEnded(app, vm, pid));
  } else {
    app.out.skip(`VM '${vm}' is already running`);
    await settleIdentity(app, vm);
    await followAddress(app, vm);
    address = recallAddress(app, vm)?.address ?? null;
  }
  if (window === true && boot?.window === false) {
    app.out.notice(`It runs headless. For a window it has to start anew: rusta restart ${asWord(vm)} --graphical`);
  }
  return { vm, changed: false, gui: boot?.window ?? null, address };
}

/** Keeps a VM that runs, so that it can be looked at, but stops a `tart run` that never got so far. */
async function stopUnlessRunning(app: App, vm: string, tartRun: Detached): Promise<void> {
  if (tartRun.exitCode() !== undefined) return;
  const vms = await app.tart.list();
  if (!vms.some(({ name, status }) => name === vm && status === 'running')) await powerOffOwnedVm(app, vm, tartRun);
}

/** Returns the process, or what others have done with the VM meanwhile. */
async function start(app: App, vm: string, options: Pick<LaunchOptions, 'window' | 'shares'>): Promise<Detached | 'running' | 'starting'> {
  using lock = await acquireForStart(app, vm);
  if ((await findVmUnderLock(app, vm, lock)).status === 'running') return 'running';
  const tartRun = await launch(app, vm, { ...options, owned: false });
  if (tartRun !== undefined || !(await hasEnded(app, vm))) return tartRun ?? 'starting';
  return (await launch(app, vm, { ...options, owned: false })) ?? 'starting';
}

/** Waits for the end of a process whose guest was ready before and that Tart no longer calls running. Returns whether it has ended in time. */
async function hasEnded(app: App, vm: string): Promise<boolean> {
  const pid = app.pids.read(vm);
  if (pid === undefined || app.pids.boot(vm, pid)?.ready !== true) return false;
  const deadline = app.clock.now() + LOCK_WAIT_MS;
  while (app.processes.isAlive(pid) && app.clock.now() < deadline) await app.clock.sleep(ENDING_POLL_MS, app.interrupt.signal);
  return !app.processes.isAlive(pid);
}

async function acquireForStart(app: App, vm: string) {
  const purpose = `rusta up ${vm}`;
  const result = await app.locks.tryAcquire(vm, purpose);
  if ('lock' in result) return result.lock;
  return app.locks.acquire(vm, purpose, result.heldBy.startsWith(downPurpose(vm)) ? DOWN_WAIT_MS : LOCK_WAIT_MS);
}

import type { App } from '../app.ts';
import { Interrupted, RustaError } from '../errors.ts';
import type { Detached } from '../system/programs/detached.ts';
import { awaitAddress, confirmAddress } from '../vm/address.ts';
import { dockerName, pinnedAddress, refreshAlias } from '../vm/docker-host.ts';
import { findVmUnderLock, resolveOrAskVm } from '../vm/resolve.ts';
import { WAITS } from '../vm/waits.ts';
import { waitForAgent } from './agent.ts';
import { failWhenStopped, launch } from './boot.ts';
import { powerOffOwnedVm } from './power-off.ts';

/** Another rusta holds a VM's lock only while it starts or removes the VM. Milliseconds. */
const LOCK_WAIT_MS = 10_000;

/** Starts a VM and waits for its guest agent (spec 4.1). `window` undefined means as chosen when the VM was created. */
export async function bringUp(app: App, name: string | undefined, window: boolean | undefined): Promise<void> {
  const vm = await resolveOrAskVm(app, name);
  if (vm.status === 'running') {
    app.out.skip(`VM '${vm.name}' is already running`);
    await followAddress(app, vm.name);
    return;
  }
  const record = app.store.read().vms.get(vm.name);
  if (record?.phase !== undefined) {
    app.out.warn(`VM '${vm.name}' is not complete, its set-up stopped while ${record.phase}: 'rusta create ${vm.name} --resume' goes on`);
  }
  const withWindow = window ?? record?.window ?? false;
  const tartRun = await start(app, vm.name, withWindow);
  if (typeof tartRun === 'string') {
    app.out.skip(`VM '${vm.name}' is already ${tartRun}`);
    return;
  }
  app.progress.step(`Starting VM '${vm.name}' (${withWindow ? 'with a window' : 'headless'})`);
  try {
    await waitForAgent(app, vm.name, tartRun);
  } catch (error) {
    app.progress.end('stopped');
    if (error instanceof Interrupted) app.out.notice(`VM '${vm.name}' keeps starting. 'rusta down ${vm.name}' stops it.`);
    else await stopUnlessRunning(app, vm.name, tartRun);
    tartRun.release();
    if (withWindow && lacksDesktop(app, error)) error.withHint(`Without a window it boots anywhere: rusta up ${vm.name} --no-gui`);
    throw error;
  }
  app.progress.ok(`VM '${vm.name}' is running`);
  try {
    const address = await announceAddress(app, vm.name, tartRun);
    if (address !== undefined) await refreshDockerAlias(app, vm.name, address);
  } finally {
    tartRun.release();
  }
}

/** A window needs the desktop of somebody who is logged in at the Mac: over ssh, under launchd and in CI there is none. */
function lacksDesktop({ env }: App, error: unknown): error is RustaError {
  if (!(error instanceof RustaError) || error.code !== 'boot_failed') return false;
  return env['SSH_CONNECTION'] !== undefined || error.message.includes('no desktop session');
}

/** Keeps a VM that runs, for a look at it; a `tart run` that never got so far is of no use to anybody. */
async function stopUnlessRunning(app: App, vm: string, tartRun: Detached): Promise<void> {
  if (tartRun.exitCode() !== undefined) return;
  const vms = await app.tart.list();
  if (!vms.some(({ name, status }) => name === vm && status === 'running')) await powerOffOwnedVm(app, vm, tartRun);
}

/** Returns the process, or what somebody else has made of the VM meanwhile. */
async function start(app: App, vm: string, window: boolean): Promise<Detached | 'running' | 'starting'> {
  using lock = await app.locks.acquire(vm, `rusta up ${vm}`, LOCK_WAIT_MS);
  if ((await findVmUnderLock(app, vm, lock)).status === 'running') return 'running';
  return (await launch(app, vm, window)) ?? 'starting';
}

/** Prints the address if it comes in time. Throws RustaError when the VM stops meanwhile, and Interrupted. */
async function announceAddress(app: App, vm: string, tartRun: Detached): Promise<string | undefined> {
  let stopped: unknown;
  const failWhen = (finished: AbortSignal) =>
    failWhenStopped(app, vm, tartRun, finished).catch((error: unknown) => {
      stopped = error;
      throw error;
    });
  const address = await awaitAddress(app, { vm, wait: WAITS.ipAfterUp, proof: 'needed', failWhen }).catch((error: unknown) => {
    if (error instanceof Interrupted || error === stopped) throw error;
    return undefined;
  });
  if (address === undefined) app.out.warn(`no IP address yet; 'rusta ip ${vm}' waits for it`);
  else app.out.ok(`IP address: ${address}`);
  return address;
}

async function refreshDockerAlias(app: App, vm: string, address: string): Promise<void> {
  if (pinnedAddress(app, vm) === undefined) return;
  if (await refreshAlias(app, vm, address)) app.out.ok(`SSH alias ${dockerName(vm)} now leads to ${address}`);
}

/** The address of a VM can change while it runs, after a sleep: its alias follows. One call of Tart, and none without an alias. */
async function followAddress(app: App, vm: string): Promise<void> {
  const pinned = pinnedAddress(app, vm);
  if (pinned === undefined) return;
  const answer = await app.tart.ip(vm);
  const leased = 'address' in answer ? answer.address : undefined;
  if (leased === pinned) return;
  const address = await confirmAddress(app, vm, leased);
  if (address !== undefined) await refreshDockerAlias(app, vm, address);
}

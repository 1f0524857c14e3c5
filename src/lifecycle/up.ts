import type { App } from '../app.ts';
import { Interrupted } from '../errors.ts';
import type { Detached } from '../system/programs/detached.ts';
import { findAddress } from '../vm/address.ts';
import { dockerName, refreshAlias } from '../vm/docker-host.ts';
import { findLocked, type ResolveContext, resolveVm } from '../vm/resolve.ts';
import { WAITS } from '../vm/waits.ts';
import { waitForAgent } from './agent.ts';
import { type BootContext, launch, watchProcess } from './boot.ts';
import { stopOwned } from './power-off.ts';

export type UpContext = BootContext & ResolveContext & Pick<App, 'locks' | 'store' | 'sshFiles'>;

/** Another rusta holds a VM's lock only while it starts or removes the VM. */
const LOCK_WAIT_MS = 10_000;

/** Spec 4.1. `graphics` undefined means as chosen when the VM was created. */
export async function bringUp(app: UpContext, name: string | undefined, graphics: boolean | undefined): Promise<void> {
  const vm = await resolveVm(app, name);
  if (vm.status === 'running') {
    app.out.skip(`VM '${vm.name}' is already running`);
    return;
  }
  const record = app.store.read().vms.get(vm.name);
  if (record?.setup !== undefined) {
    app.out.warn(`VM '${vm.name}' is not complete, its set-up stopped while ${record.setup}: 'rusta create ${vm.name} --resume' goes on`);
  }
  const window = graphics ?? record?.gui ?? false;
  const process = await start(app, vm.name, window);
  if (typeof process === 'string') {
    app.out.skip(`VM '${vm.name}' is already ${process}`);
    return;
  }
  app.out.step(`Starting VM '${vm.name}' (${window ? 'with a window' : 'headless'})`);
  try {
    await waitForAgent(app, vm.name, process);
  } catch (error) {
    if (error instanceof Interrupted) app.out.notice(`VM '${vm.name}' goes on starting. 'rusta down ${vm.name}' stops it.`);
    else await stopUnlessRunning(app, vm.name, process);
    process.release();
    throw error;
  }
  app.out.ok(`VM '${vm.name}' is running`);
  try {
    await printAddress(app, vm.name, process);
  } finally {
    process.release();
  }
}

/** A VM that runs is kept for a look at it; a `tart run` that never got so far is of no use to anybody. */
async function stopUnlessRunning(app: UpContext, vm: string, process: Detached): Promise<void> {
  if (process.exitCode() !== undefined) return;
  const vms = await app.tart.list();
  if (!vms.some(({ name, status }) => name === vm && status === 'running')) await stopOwned(app, vm, process);
}

/** The process, or what somebody else has made of the VM meanwhile. */
async function start(app: UpContext, vm: string, graphics: boolean): Promise<Detached | 'running' | 'starting'> {
  using lock = await app.locks.acquire(vm, `rusta up ${vm}`, LOCK_WAIT_MS);
  if ((await findLocked(app, vm, lock)).status === 'running') return 'running';
  return (await launch(app, vm, graphics)) ?? 'starting';
}

/** Best effort, as long as the VM runs. Throws RustaError when it does not, and Interrupted. */
async function printAddress(app: UpContext, vm: string, process: Detached): Promise<void> {
  let off: unknown;
  const watch = (over: AbortSignal) =>
    watchProcess(app, vm, process, over).catch((error: unknown) => {
      off = error;
      throw error;
    });
  const address = await findAddress(app, vm, WAITS.ipAfterUp, watch).catch((error: unknown) => {
    if (error instanceof Interrupted || error === off) throw error;
    return undefined;
  });
  if (address === undefined) {
    app.out.warn(`no IP address yet; 'rusta ip ${vm}' waits for it`);
    return;
  }
  app.out.ok(`IP address: ${address}`);
  if (app.store.read().vms.get(vm)?.docker && (await refreshAlias(app, vm, address)))
    app.out.ok(`SSH alias ${dockerName(vm)} now leads to ${address}`);
}

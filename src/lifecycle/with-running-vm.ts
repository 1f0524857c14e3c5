import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { Vm } from '../tools/tart-list.ts';
import { findLocked } from '../vm/resolve.ts';
import type { Watch } from '../vm/waits.ts';
import { waitForAgent } from './agent.ts';
import { type BootContext, launch, watchProcess } from './boot.ts';
import { stopOwned } from './power-off.ts';
import { shutDown } from './shutdown.ts';

export type SessionContext = BootContext & Pick<App, 'locks'>;

const SHUTDOWN_MS = 60_000;

/**
 * Does work that needs a running VM. One that is off is booted before and shut down after, and stopped on any error or
 * interrupt; one that runs already is left running (spec 4.10, design D9). `watch` rejects when the booted VM goes off. `purpose` is what others read who find it busy.
 */
export async function withRunning<T>(app: SessionContext, vm: Vm, purpose: string, work: (watch?: Watch) => Promise<T>): Promise<T> {
  if (vm.status === 'running') return work();
  using lock = await app.locks.acquire(vm.name, purpose, 0);
  if ((await findLocked(app, vm.name, lock)).status === 'running') {
    lock[Symbol.dispose]();
    return work();
  }
  app.out.step(`Starting VM '${vm.name}' for this`);
  const process = await launch(app, vm.name, false);
  if (process === undefined)
    throw new RustaError(`VM '${vm.name}' is starting already`, { hint: `Try again when 'rusta up ${vm.name}' says that it runs.` });
  try {
    await waitForAgent(app, vm.name, process);
    const result = await work((over) => watchProcess(app, vm.name, process, over));
    app.out.step(`Shutting VM '${vm.name}' down again`);
    await shutDown(app, vm.name, SHUTDOWN_MS);
    return result;
  } catch (error) {
    if (process.exitCode() === undefined) {
      app.out.notice(`Stopping VM '${vm.name}' ...`);
      await stopOwned(app, vm.name, process);
    }
    throw error;
  }
}

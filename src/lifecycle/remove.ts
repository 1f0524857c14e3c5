import type { App } from '../app.ts';
import { Interrupted, RustaError } from '../errors.ts';
import { type DockerHostContext, dockerName, removeDockerAlias, removeDockerContext } from '../vm/docker-host.ts';
import { forget } from '../vm/forget.ts';
import { findVm } from '../vm/resolve.ts';
import { trackedPid } from '../vm/tracked-pid.ts';
import { forceOff, type ShutdownContext } from './shutdown.ts';

export type RemoveContext = ShutdownContext & DockerHostContext & Pick<App, 'store' | 'locks' | 'paths' | 'prompt'>;

export interface RemoveOptions {
  readonly confirmed: boolean;
  readonly forceRunning: boolean;
}

/** Spec 4.4: the VM and everything that rusta made for it. Throws RustaError (2 for a VM that neither Tart nor rusta knows, 1 while it runs). */
export async function removeVm(app: RemoveContext, name: string, options: RemoveOptions): Promise<void> {
  using lock = await app.locks.acquire(name, `rusta delete ${name}`, 0);
  const vms = await app.tart.list();
  if (!vms.some((vm) => vm.name === name)) {
    const known = app.store.read().vms.has(name);
    if (known) await cleanUp(app, name);
    lock.discard();
    // An earlier `delete` was cut short, or Tart was told to delete it.
    if (known) return app.out.ok(`VM '${name}' was gone already; removed what was left of it`);
  }
  const vm = findVm(vms, name);
  // One that only starts does not run for Tart yet: it would go on without its files.
  const on = vm.status === 'running' || (await trackedPid(app, name)) !== undefined;
  if (on && !options.forceRunning) {
    throw new RustaError(`VM '${name}' is running`, {
      hint: `Stop it with 'rusta down ${name}', or delete it as it is with --force-running.`,
    });
  }
  if (!options.confirmed) await confirm(app, name);
  // Changes nothing, but shows before anything is lost whether it can be changed.
  await app.store.update(() => {});
  if (on) {
    app.out.step(`Stopping VM '${name}'`);
    await forceOff(app, name);
  }
  await app.tart.delete(name);
  if ((await app.tart.list()).some((other) => other.name === name)) {
    throw new RustaError(`'tart delete' ended well, but VM '${name}' still exists`, {
      hint: `Look at it with 'tart get ${name}', then try again.`,
    });
  }
  await cleanUp(app, name);
  lock.discard();
  app.out.ok(`Deleted VM '${name}'`);
}

const OWN_STEPS = [clearDefault, forget];

async function clearDefault(app: RemoveContext, vm: string): Promise<void> {
  await app.store.update((edit) => {
    if (edit.state.defaultVm === vm) edit.setDefault(undefined);
  });
}

/**
 * The VM is gone: what fails must not keep the rest from being done. The record goes last, so that a further `delete`
 * finishes what this one began.
 */
async function cleanUp(app: RemoveContext, vm: string): Promise<void> {
  const wired = app.store.read().vms.get(vm)?.docker === true;
  const failures: string[] = [];
  for (const step of wired ? [removeDockerAlias, removeDockerContext, ...OWN_STEPS] : OWN_STEPS) {
    try {
      await step(app, vm);
    } catch (error) {
      if (!(error instanceof RustaError) || error instanceof Interrupted) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length === 0) return;
  throw new RustaError(`VM '${vm}' is deleted, but something of it is left: ${failures.join('; ')}`, {
    hint: wired ? `'docker context ls' shows whether '${dockerName(vm)}' is still there.` : undefined,
  });
}

async function confirm(app: Pick<App, 'prompt'>, vm: string): Promise<void> {
  if (!app.prompt.interactive) {
    throw new RustaError(`deleting VM '${vm}' needs a confirmation, and stdin is not a TTY to ask on`, {
      hint: 'Pass --yes to delete it without asking.',
    });
  }
  const answer = await app.prompt.ask(`Delete VM '${vm}' and its disk? [y/N] `);
  if (!/^y(es)?$/i.test(answer ?? '')) throw new RustaError(`VM '${vm}' was not deleted`);
}

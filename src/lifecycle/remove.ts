import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { dockerName, hasDockerAlias, removeDockerAlias, removeDockerContext } from '../vm/docker-host.ts';
import { forgetVm } from '../vm/forget.ts';
import { findVm } from '../vm/resolve.ts';
import { verifiedPid } from '../vm/verified-pid.ts';
import { forceOff } from './shutdown.ts';

export interface RemoveOptions {
  readonly confirmed: boolean;
  readonly forceRunning: boolean;
}

/**
 * Deletes a VM and everything that rusta made for it (spec 4.4). Throws RustaError for a VM that neither Tart nor rusta
 * knows, and for one that runs.
 */
export async function removeVm(app: App, name: string, options: RemoveOptions): Promise<void> {
  using lock = await app.locks.acquire(name, `rusta delete ${name}`, 0);
  const vms = await app.tart.list();
  if (!vms.some((vm) => vm.name === name)) {
    const known = app.store.read().vms.has(name);
    if (known) await cleanUp(app, name);
    lock.discard();
    // An earlier `delete` was cut short, or Tart was told to delete it.
    if (known) {
      app.out.ok(`VM '${name}' was gone already; removed what was left of it`);
      return;
    }
  }
  const vm = findVm(vms, name);
  // Tart does not call a VM "running" while it boots; deleted now, its process would go on without a disk.
  const isOn = vm.status === 'running' || (await verifiedPid(app, name)) !== undefined;
  if (isOn && !options.forceRunning) {
    throw new RustaError('vm_running', `VM '${name}' is running`, {
      hint: `Stop it with 'rusta down ${name}', or delete it as it is with --force-running.`,
    });
  }
  if (!options.confirmed) await confirm(app, name);
  // Fail now, before anything is deleted, if state.toml cannot be written.
  await app.store.update(() => {});
  if (isOn) {
    await app.progress.during(`Stopping VM '${name}'`, () => forceOff(app, name));
  }
  await deleteFromTart(app, name);
  await cleanUp(app, name);
  lock.discard();
  app.out.ok(`Deleted VM '${name}'`);
}

/** Throws RustaError where Tart claims success and the VM is still there. */
async function deleteFromTart(app: App, vm: string): Promise<void> {
  await app.tart.delete(vm);
  if (!(await app.tart.list()).some((other) => other.name === vm)) return;
  throw new RustaError('delete_failed', `'tart delete' exited with 0, but VM '${vm}' still exists`, {
    hint: `Look at it with 'tart get ${vm}', then try again.`,
  });
}

const OWN_STEPS = [clearDefault, forgetVm];

async function clearDefault(app: App, vm: string): Promise<void> {
  await app.store.update((edit) => {
    if (edit.state.defaultVm === vm) edit.setDefault(undefined);
  });
}

/**
 * The VM is gone: a step that fails must not keep the others from being done. The record goes last, so that a further
 * `delete` finishes what this one began.
 */
async function cleanUp(app: App, vm: string): Promise<void> {
  const hasDocker = app.store.read().vms.get(vm)?.docker === true || hasDockerAlias(app, vm);
  const failures: string[] = [];
  for (const step of hasDocker ? [removeDockerAlias, removeDockerContext, ...OWN_STEPS] : OWN_STEPS) {
    try {
      await step(app, vm);
    } catch (error) {
      if (!(error instanceof RustaError)) throw error;
      failures.push(error.message);
    }
  }
  if (failures.length === 0) return;
  throw new RustaError('delete_failed', `VM '${vm}' is deleted, but something of it is left: ${failures.join('; ')}`, {
    hint: hasDocker ? `'docker context ls' shows whether '${dockerName(vm)}' is still there.` : undefined,
  });
}

async function confirm(app: App, vm: string): Promise<void> {
  if (!app.prompt.interactive) {
    throw new RustaError('not_a_terminal', `deleting VM '${vm}' needs a confirmation, and stdin is not a TTY to ask on`, {
      hint: 'Pass --yes to delete it without asking.',
    });
  }
  const answer = await app.prompt.ask(`Delete VM '${vm}' and its disk? [y/N] `);
  if (!/^y(es)?$/i.test(answer ?? '')) throw new RustaError('declined', `VM '${vm}' was not deleted`);
}

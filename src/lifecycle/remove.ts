import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { RustaError } from '../errors.ts';
import type { Lock } from '../system/files/lock.ts';
import { asWord } from '../text/shell.ts';
import { damageOf, explainMissing, findDamaged } from '../vm/missing.ts';
import { verifiedPid } from '../vm/verified-pid.ts';
import { cleanUp, type Made, whatWasMade } from './clean-up.ts';
import { forceOff, stopUnlisted } from './shutdown.ts';

export interface RemoveOptions {
  readonly confirmed: boolean;
  readonly forceRunning: boolean;
}

/** The work once the VM is gone. */
interface Cleaning {
  readonly lock: Lock;
  readonly made: Made;
}

/**
 * Deletes a VM and everything that rusta made for it (spec 4.4). Throws RustaError for a VM that neither Tart nor rusta knows, and for
 * one that runs.
 */
export async function removeVm(app: App, name: string, options: RemoveOptions): Promise<ResultOf<'delete'>> {
  using lock = await app.locks.acquire(name, `rusta delete ${name}`, 0);
  // Read before anything is deleted: a record that a newer rusta wrote ends the command here.
  const made = whatWasMade(app, name);
  const vms = await app.tart.list();
  const vm = vms.find((candidate) => candidate.name === name);
  const pid = await verifiedPid(app, name, vm?.status === 'running');
  if (vm === undefined) {
    return await removeUnlisted(app, name, pid, { lock, made, ...options });
  }
  // Tart does not call a VM "running" while it boots; deleted now, its process would go on without a disk.
  const isOn = vm.status === 'running' || pid !== undefined;
  if (isOn && !options.forceRunning) {
    throw new RustaError('vm_running', `VM '${name}' is running`, {
      hint: `Stop it with 'rusta down ${asWord(name)}', or delete it as it is with --force-running.`,
    });
  }
  if (!options.confirmed) await confirm(app, name, `Delete VM '${name}' and its disk?`);
  // Fail now, before anything is deleted, if state.toml cannot be written.
  await app.store.update(() => {});
  if (isOn) {
    await app.progress.during(`Stopping VM '${name}'`, () => forceOff(app, name));
  }
  await deleteFromTart(app, name);
  return await finish(app, name, `Deleted VM '${name}'`, { lock, made });
}

/**
 * Removes what is left of a VM that Tart does not list. Such a VM need not be gone: its folder may be damaged, its process may run, its
 * disk may be elsewhere (D28).
 */
async function removeUnlisted(
  app: App,
  name: string,
  pid: number | undefined,
  { confirmed, forceRunning, ...cleaning }: RemoveOptions & Cleaning,
): Promise<ResultOf<'delete'>> {
  const damaged = findDamaged(app, name);
  const isKnown = app.store.read().vms.has(name);
  if (damaged === undefined && pid === undefined && !(isKnown && !app.tartFiles.names().includes(name))) {
    cleaning.lock.discard();
    throw await explainMissing(app, await app.tart.list(), name);
  }
  if (pid !== undefined && !forceRunning) {
    const what = damaged === undefined ? 'Tart does not list it' : damageOf(damaged);
    throw new RustaError('vm_running', `VM '${name}' is running (pid ${pid}), although ${what}`, {
      hint: `End its process and remove what is left of it: rusta delete ${asWord(name)} --force-running`,
    });
  }
  if (damaged !== undefined && !confirmed) {
    await confirm(app, name, `VM '${name}' is damaged: ${damageOf(damaged)}. Delete that folder and all in it?`);
  }
  await app.store.update(() => {});
  if (pid !== undefined) {
    app.out.step(`Stopping VM '${name}'`);
    await stopUnlisted(app, name, pid);
  }
  if (damaged === undefined) {
    // An earlier `delete` was cut short, or the user deleted the VM with Tart.
    return finish(app, name, `VM '${name}' was gone already; removed what was left of it`, cleaning);
  }
  app.tartFiles.remove(name);
  return finish(app, name, `Deleted the damaged VM '${name}' (${damageOf(damaged)})`, cleaning);
}

/** Deletes the VM, and throws RustaError if Tart reports success though the VM is still there. */
async function deleteFromTart(app: App, vm: string): Promise<void> {
  await app.tart.delete(vm);
  if (!(await app.tart.list()).some((other) => other.name === vm)) return;
  throw new RustaError('delete_failed', `'tart delete' exited with 0, but VM '${vm}' still exists`, {
    hint: `Look at it with 'tart get ${asWord(vm)}', then try again.`,
  });
}

async function finish(app: App, vm: string, what: string, { lock, made }: Cleaning): Promise<ResultOf<'delete'>> {
  const wentWithIt = await cleanUp(app, vm, made);
  lock.discard();
  app.out.ok(wentWithIt.length === 0 ? what : `${what}, and with it: ${wentWithIt.join(', ')}`);
  return { vm, removed: wentWithIt };
}

async function confirm(app: App, vm: string, question: string): Promise<void> {
  const { refusal } = app.prompt;
  if (refusal !== undefined) {
    throw new RustaError('not_a_terminal', `deleting VM '${vm}' needs a confirmation, and ${refusal}`, {
      hint: 'Pass --yes to delete it without asking.',
    });
  }
  const answer = await app.prompt.ask(`${question} [y/N] `);
  if (!/^y(es)?$/i.test(answer ?? '')) throw new RustaError('declined', `VM '${vm}' was not deleted`);
}

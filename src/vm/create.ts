import type { App } from '../app.ts';
import { RustaError, ToolError } from '../errors.ts';
import { provision, writeProvisionScript } from '../guest/provision.ts';
import type { SetupPhase } from '../state/document.ts';
import type { Resources } from '../tools/tart.ts';
import type { Vm } from '../tools/tart-list.ts';
import { explainTart } from '../tools/tart-messages.ts';
import { type BootContext, launch, waitForAgent } from './boot.ts';
import { type Credentials, IMAGE_CREDENTIALS } from './credentials.ts';
import { stopOwned } from './owned.ts';
import { forget } from './remove.ts';
import { shutDown } from './shutdown.ts';

export interface CreatePlan {
  readonly vm: string;
  /** The image to clone, found only when it is needed. Throws RustaError where there is none. */
  readonly findReference: () => Promise<string>;
  readonly resources: Resources;
  readonly credentials: Credentials;
  /** A window while provisioning, to see what goes on. */
  readonly graphics: boolean;
  /** Go on with a VM whose set-up stopped. */
  readonly resume: boolean;
}

export type CreateContext = BootContext & Pick<App, 'store' | 'locks' | 'verbose'>;

/** Provisioned guests shut down in seconds; a hanging service gets this long (milliseconds). */
const SHUTDOWN_MS = 120_000;

/**
 * Spec 4.3 as a transaction (design D8): the phase is on record, failures while cloning leave nothing, later ones leave
 * a stopped VM and say how to go on. True if the VM was made or completed, false if it existed already.
 */
export async function createVm(app: CreateContext, plan: CreatePlan): Promise<boolean> {
  using lock = await app.locks.acquire(plan.vm, `rusta create ${plan.vm}`, 0);
  const existing = findIgnoringCase(await app.tart.list(), plan.vm);
  const setup = app.store.read().vms.get(plan.vm)?.setup;
  if (existing !== undefined) {
    checkExisting(plan, existing, setup);
    if (setup === undefined) {
      app.out.skip(`VM '${plan.vm}' already exists`);
      app.out.notice(`To recreate: rusta delete ${plan.vm} && rusta create ${plan.vm} ...`);
      return false;
    }
  } else if (plan.resume && setup === undefined) {
    lock.discard();
    throw new RustaError(`VM '${plan.vm}' not found, there is nothing to resume`, {
      exitCode: 2,
      hint: `Create it with 'rusta create ${plan.vm}'.`,
    });
  }
  if (existing === undefined || setup === 'cloning') await cloneImage(app, plan, existing !== undefined);
  await setUp(app, plan);
  return true;
}

/** APFS does not tell `Lab` from `lab`: a clone to one replaces the other (contract, trap 17). */
function findIgnoringCase(vms: readonly Vm[], name: string): Vm | undefined {
  return vms.find((vm) => vm.name.toLowerCase() === name.toLowerCase());
}

function checkExisting({ vm, resume }: CreatePlan, existing: Vm, setup: SetupPhase | undefined): void {
  if (existing.name !== vm) {
    throw new RustaError(`VM '${existing.name}' already exists, and macOS does not tell '${vm}' from it`, { hint: 'Choose another name.' });
  }
  if (setup === undefined) return;
  if (!resume) {
    throw new RustaError(`VM '${vm}' already exists but is not complete: its set-up stopped while ${setup}`, { hint: howToGoOn(vm) });
  }
  if (existing.status === 'running') {
    throw new RustaError(`VM '${vm}' is running; its set-up needs to boot it itself`, { hint: `Stop it first: rusta down ${vm}` });
  }
}

async function cloneImage(app: CreateContext, plan: CreatePlan, leftover: boolean): Promise<void> {
  const { vm, credentials } = plan;
  const reference = await plan.findReference();
  const custom = (value: string, usual: string) => (value === usual ? undefined : value);
  await app.store.update((edit) =>
    edit.setVm(vm, {
      setup: 'cloning',
      user: custom(credentials.user, IMAGE_CREDENTIALS.user),
      password: custom(credentials.password, IMAGE_CREDENTIALS.password),
    }),
  );
  try {
    if (leftover) await app.tart.delete(vm);
    app.out.step(`Cloning ${reference}`);
    await app.tart.clone(reference, vm, (line) => app.out.program(line, app.verbose));
    await app.tart.set(vm, plan.resources);
  } catch (error) {
    await app.interrupt.shield(() => undoClone(app, vm));
    throw error instanceof ToolError ? cloneFailure(vm, reference, error) : error;
  }
  await app.store.update((edit) => edit.setVm(vm, { setup: 'booting' }));
}

/** Nothing is left of a VM that failed before its first boot. */
async function undoClone(app: CreateContext, vm: string): Promise<void> {
  try {
    if ((await app.tart.list()).some(({ name }) => name === vm)) await app.tart.delete(vm);
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
    app.out.warn(`the unfinished VM '${vm}' could not be removed: ${error.message}. 'rusta delete ${vm}' removes it.`);
    return;
  }
  await forget(app, vm);
}

async function setUp(app: CreateContext, { vm, graphics }: CreatePlan): Promise<void> {
  writeProvisionScript(app, vm);
  app.out.step(`Booting VM '${vm}' to provision it`);
  const process = await launch(app, vm, graphics);
  if (process === undefined) throw new RustaError(`VM '${vm}' was started by someone else meanwhile`, { hint: howToGoOn(vm) });
  try {
    await waitForAgent(app, vm, process);
    await app.store.update((edit) => edit.setVm(vm, { setup: 'provisioning' }));
    await provision(app, vm);
    app.out.step(`Shutting VM '${vm}' down`);
    await shutDown(app, vm, SHUTDOWN_MS);
  } catch (error) {
    if (process.exitCode() === undefined) {
      app.out.notice(`Stopping VM '${vm}' ...`);
      await stopOwned(app, vm, process);
    }
    app.out.notice(`VM '${vm}' was kept, stopped, as far as it came. ${howToGoOn(vm)}`);
    throw error;
  }
  await app.store.update((edit) => edit.setVm(vm, { setup: undefined }));
}

function howToGoOn(vm: string): string {
  return `Go on with 'rusta create ${vm} --resume', or start over: rusta delete ${vm} && rusta create ${vm} ...`;
}

function cloneFailure(vm: string, reference: string, error: ToolError): RustaError {
  const known = explainTart(error.stderr);
  if (known === undefined) return new RustaError(`VM '${vm}' was not created: ${error.message}`, { cause: error });
  return new RustaError(`VM '${vm}' was not created from ${reference}: ${known.message}`, { hint: known.hint, cause: error });
}

import type { App } from '../../app.ts';
import { RustaError, type ToolError } from '../../errors.ts';
import { nearestTags } from '../../images/nearest.ts';
import type { Lock } from '../../system/files/lock.ts';
import { lastLines, quoted } from '../../text/lines.ts';
import type { Inventory } from '../../tools/tart/list.ts';
import { explainTart } from '../../tools/tart/messages.ts';
import { pullDetail } from '../../tools/tart/progress.ts';
import { askedFor, type SettledPlan } from '../plan.ts';
import type { Steps } from '../steps.ts';
import { createNext, makeClone } from './clone.ts';
import { checkDisk } from './disk-check.ts';
import { checkHostSize } from './host-check.ts';

export interface CloneOptions {
  readonly inventory: Inventory;
  /** The lock of the VM to make. */
  readonly lock: Lock;
  readonly steps: Steps;
}

/** Makes the VM of an image and gives it its size. If that fails, nothing is left of it, and the RustaError says why. */
export async function cloneImage(app: App, plan: SettledPlan, { inventory, lock, steps }: CloneOptions): Promise<void> {
  const { vm, resources } = plan;
  const reference = await plan.findReference();
  await checkDisk(app, plan, reference, inventory);
  await checkHostSize(app, vm, resources);
  await makeClone(app, vm, {
    record: { image: reference, ...askedFor(plan) },
    async clone() {
      steps.begin('clone', `Cloning ${reference}`);
      const detail = pullDetail();
      await app.tart.clone(reference, vm, [lock], (line) => {
        app.out.program(line, app.verbose);
        app.progress.detail(detail(line));
      });
    },
    adapt: () => app.tart.set(vm, resources),
    next: createNext(vm),
    explain: (error) => cloneFailure(app, { vm, reference }, error),
  });
  await app.store.update((edit) => edit.setVm(vm, { phase: 'booting' }));
}

/** Number of Tart's last lines that are quoted below our own words. */
const SAID_LINES = 2;

/** Returns the failure, in plain words if it is known, with Tart's own words below. */
async function cloneFailure(app: App, { vm, reference }: { vm: string; reference: string }, error: ToolError): Promise<RustaError> {
  // Tart says on stdout why it has no credentials, and on stderr how the clone failed for it.
  const known = explainTart(`${error.stdout}\n${error.stderr}`);
  if (known === undefined) return new RustaError('clone_failed', `VM '${vm}' was not created: ${error.message}`, { cause: error });
  const near = error.stderr.includes('code: 404') ? await nearestTags(app, reference) : [];
  const said = quoted(lastLines(error.stderr.trim() === '' ? error.stdout : error.stderr, SAID_LINES));
  const hints = [...said, ...(near.length > 0 ? [`Nearest: ${near.join(', ')}.`] : []), ...(known.hint ? [known.hint] : [])];
  return new RustaError('clone_failed', `VM '${vm}' was not created from ${reference}: ${known.message}`, {
    hint: hints.join('\n'),
    cause: error,
  });
}

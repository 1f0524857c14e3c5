import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { removeVm } from '../../lifecycle/remove.ts';
import { readableRecord } from '../../state/record.ts';

/** Removes the VMs of runs that were killed: a run that is alive holds the lock of its VM (D23). Warns of VMs that cannot be removed. */
export async function sweepOrphans(app: App): Promise<void> {
  const { vms } = app.store.read();
  for (const vm of [...vms.keys()].filter((name) => readableRecord(vms, name)?.throwAway === name)) {
    try {
      await removeVm(app, vm, { confirmed: true, forceRunning: true });
    } catch (error) {
      if (!(error instanceof RustaError)) throw error;
      if (error.code !== 'busy') app.out.warn(`VM '${vm}', which a killed 'rusta run' has left, could not be removed: ${error.message}`);
    }
  }
}

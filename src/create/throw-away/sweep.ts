import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { removeVm } from '../../lifecycle/remove.ts';
import type { VmRecords } from '../../state/record.ts';

/** Whether a VM is one of those that `run` removes again, and nobody else's. A record that cannot be read says nothing. */
function isThrowAway(records: VmRecords, vm: string): boolean {
  try {
    return records.get(vm)?.throwAway === vm;
  } catch (error) {
    if (error instanceof RustaError && error.code === 'state_invalid') return false;
    throw error;
  }
}

/** Removes the VMs of runs that were killed; whoever lives holds the lock of its VM (D23). What cannot be removed is told. */
export async function sweepOrphans(app: App): Promise<void> {
  const { vms } = app.store.read();
  for (const vm of [...vms.keys()].filter((name) => isThrowAway(vms, name))) {
    try {
      await removeVm(app, vm, { confirmed: true, forceRunning: true });
    } catch (error) {
      if (!(error instanceof RustaError)) throw error;
      if (error.code !== 'busy') app.out.warn(`VM '${vm}', which a killed 'rusta run' has left, could not be removed: ${error.message}`);
    }
  }
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { VmRecords } from '../state/record.ts';
import { formatTable } from '../ui/table.ts';
import { damageOf, findDamaged, whereItMayBe } from './missing.ts';

type ListingContext = Pick<App, 'tart' | 'tartFiles' | 'store' | 'out' | 'paths'>;

/** Prints all VMs (spec 4.5), those that are not complete or damaged marked as such. */
export async function printVms(app: ListingContext): Promise<void> {
  const { defaultVm, vms: records } = app.store.read();
  const vms = await app.tart.list();
  const damaged = app.tartFiles.names().flatMap((name) => {
    const folder = vms.some((vm) => vm.name === name) ? undefined : findDamaged(app, name);
    return folder === undefined ? [] : [{ name, folder }];
  });
  const mark = (name: string) => (name === defaultVm ? '*' : '');
  const rows = [
    ...vms.map(({ name, status }) => [name, status, mark(name), noteOn(records, name)]),
    ...damaged.map(({ name }) => [name, 'damaged', mark(name), '']),
  ];
  const hasNotes = rows.some(([, , , note]) => note !== '');
  const header = ['NAME', 'STATUS', 'DEFAULT', 'NOTE'];
  app.out.data(formatTable([header, ...rows].map((row) => (hasNotes ? row : row.slice(0, -1)))));
  for (const { name, folder } of damaged) app.out.warn(`VM '${name}' is damaged: ${damageOf(folder)}; Tart does not list it`);
  if (rows.length > 0) return;
  const known = [...records.keys()];
  if (known.length > 0) app.out.warn(whereItMayBe(app, `rusta knows ${known.map((vm) => `'${vm}'`).join(', ')}`));
  app.out.notice("There are no VMs yet: 'rusta create' makes one.");
}

/** A record that cannot be used costs only its own VM (D28). */
function noteOn(records: VmRecords, vm: string): string {
  try {
    return records.get(vm)?.phase === undefined ? '' : 'unfinished';
  } catch (error) {
    if (error instanceof RustaError && error.code === 'state_invalid') return 'unreadable record';
    throw error;
  }
}

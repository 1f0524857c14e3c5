import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { readableRecord, type VmRecords } from '../state/record.ts';
import { formatTable } from '../ui/table.ts';
import { recallAddress } from './address/boot.ts';
import { damageOf, findDamaged, whereItMayBe } from './missing.ts';
import { visibleShares } from './shares.ts';

type ListingContext = Pick<App, 'tart' | 'tartFiles' | 'store' | 'out' | 'paths' | 'pids' | 'processes'>;

/** Prints all VMs (spec 4.5), with marks on unfinished and damaged ones, and returns what is known of them. */
export async function printVms(app: ListingContext): Promise<ResultOf<'list'>> {
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
  const listed = [...vms, ...damaged.map(({ name }) => ({ name, status: 'damaged' as const }))];
  const result = { vms: listed.map((vm) => ({ ...vm, default: vm.name === defaultVm, ...detailsOf(app, records, vm) })) };
  const hasNotes = rows.some(([, , , note]) => note !== '');
  const header = ['NAME', 'STATUS', 'DEFAULT', 'NOTE'];
  app.out.data(formatTable([header, ...rows].map((row) => (hasNotes ? row : row.slice(0, -1)))));
  for (const { name, folder } of damaged) app.out.warn(`VM '${name}' is damaged: ${damageOf(folder)}; Tart does not list it`);
  for (const name of app.tartFiles.names()) {
    const obstacle = app.tartFiles.obstacle(name);
    if (obstacle !== undefined) app.out.warn(`VM '${name}' cannot be reached: ${obstacle}`);
  }
  if (rows.length > 0) return result;
  const known = [...records.keys()];
  if (known.length > 0) app.out.warn(whereItMayBe(app, `rusta knows ${known.map((vm) => `'${vm}'`).join(', ')}`));
  app.out.notice("There are no VMs yet: 'rusta create' makes one.");
  return result;
}

/** Returns what programs get beyond the table. */
function detailsOf(app: ListingContext, records: VmRecords, { name, status }: { readonly name: string; readonly status: string }) {
  const record = readableRecord(records, name);
  return {
    gui: record?.window ?? null,
    image: record?.image ?? null,
    address: status === 'running' ? (recallAddress(app, name)?.address ?? null) : null,
    shares: [...visibleShares(app, name, status === 'running', record?.shares ?? [])],
    setup: record === undefined ? null : (record.phase ?? ('complete' as const)),
  };
}

function noteOn(records: VmRecords, vm: string): string {
  const record = readableRecord(records, vm);
  if (record === undefined) return records.has(vm) ? 'unreadable record' : '';
  return record.phase === undefined ? '' : 'unfinished';
}

import type { TomlTable, TomlValue } from 'smol-toml';
import { formatMark, isBornLater, isSameFolder, isSameVm, isUnborn, parseMark, unborn, type VmMark } from './mark.ts';
import { isTable, own } from './sources-and-images.ts';

/** The VMs that there are, whatever is on record about them. */
export interface VmLookup {
  /** Returns the mark of a VM; undefined if there is no folder of that name. */
  mark(vm: string): VmMark | undefined;
  names(): readonly string[];
  /** Tells whether another `TART_HOME` holds such a VM. */
  isIn(tartHome: string, vm: string): boolean;
}

/** The key of `[vms.<name>]` that holds the mark of its VM. */
const MARK = 'mark';

/** Gives each record whose VM was renamed behind our back its VM's new name (D28). Records of VMs that are not there stay. */
export function followRenames(vms: TomlTable, lookup: VmLookup): void {
  const marked = Object.entries(vms).flatMap(([name, table]) => {
    const mark = markIn(table);
    return mark === undefined || isUnborn(mark) ? [] : [{ name, table, mark }];
  });
  const isUnderAnotherName = (mark: VmMark) =>
    lookup.names().some((name) => {
      const now = lookup.mark(name);
      return now !== undefined && isSameFolder(mark, now);
    });
  const isHome = ({ name, mark }: (typeof marked)[number]) => {
    const now = lookup.mark(name);
    if (now === undefined || !isSameVm(mark, now)) return false;
    if (isSameFolder(mark, now)) return true;
    // The next clone of an image gets the MAC address of one that is gone: the folder tells two such VMs apart.
    return !marked.some((other) => isSameFolder(other.mark, now)) && !isUnderAnotherName(mark);
  };
  const strays = marked.filter((record) => !isHome(record));
  if (strays.length === 0) return;
  // The record of a creation that made no VM is in nobody's way: whose the VM of its name is, its folder tells.
  const isTaken = (name: string) => {
    const record = own(vms, name);
    const mark = markIn(record);
    const isVacant = record === undefined || (mark !== undefined && isUnborn(mark));
    return !isVacant && !strays.some((stray) => stray.name === name);
  };
  const free = lookup.names().flatMap((name) => {
    const mark = isTaken(name) ? undefined : lookup.mark(name);
    return mark === undefined ? [] : [{ name, mark }];
  });
  const moves = strays.flatMap(({ name, table, mark }) => {
    const found = free.find((candidate) => isSameFolder(candidate.mark, mark));
    return found === undefined ? [] : [{ from: name, to: found.name, table }];
  });
  for (const { from } of moves) delete vms[from];
  for (const { from, to, table } of moves) {
    vms[to] = table;
    if (isTable(table)) table['was'] = formerNames(table, from).filter((name) => name !== to);
  }
}

function formerNames(record: TomlTable, last: string): string[] {
  const before = own(record, 'was');
  const names = Array.isArray(before) ? before.filter((name) => typeof name === 'string') : [];
  return [...new Set([...names, last])];
}

/** Tells whether a record is about another VM than the one that has the name now. A record without a mark is believed. */
export function isForeign(record: TomlValue | undefined, now: VmMark | undefined): boolean {
  const mark = markIn(record);
  if (mark === undefined || now === undefined) return false;
  return isUnborn(mark) ? !isBornLater(now, mark) : !isSameVm(mark, now);
}

/** Marks a record with its VM, or as one of a VM that is yet to be made. */
export function stamp(record: TomlTable, now: VmMark | undefined): void {
  const before = markIn(record);
  if (now === undefined) {
    if (before === undefined && own(record, 'setup') === 'cloning') record[MARK] = formatMark(unborn());
    return;
  }
  record[MARK] = formatMark({ ...now, mac: now.mac ?? before?.mac });
}

/** Tells whether a record says no more than which VM it is about. */
export function isEmptyRecord(record: TomlTable): boolean {
  return Object.keys(record).every((key) => key === MARK);
}

/**
 * Tells whether a record of the root may be about this VM of another `TART_HOME`. Older versions wrote no marks; a VM that is yet to be
 * made belongs to the root.
 */
function isAboutAnotherHomes(record: TomlValue, now: VmMark | undefined): boolean {
  const mark = markIn(record);
  return mark === undefined || (now !== undefined && !isUnborn(mark) && isSameVm(mark, now));
}

function markIn(record: TomlValue | undefined): VmMark | undefined {
  const text = record !== undefined && isTable(record) ? own(record, MARK) : undefined;
  return typeof text === 'string' ? parseMark(text) : undefined;
}

/**
 * Returns what the first command with another `TART_HOME` takes over from the root, where older versions or other `TART_HOME`s left it:
 * the records and the default of VMs that are here and not in the root's `TART_HOME`. These are copies, because those versions go on with
 * theirs.
 */
export function inherit(root: TomlTable, lookup: VmLookup, rootTartHome: string): TomlTable {
  const isOurs = (vm: string) => lookup.mark(vm) !== undefined && !lookup.isIn(rootTartHome, vm);
  const defaultVm = own(root, 'default_vm');
  const records = own(root, 'vms');
  const document: TomlTable = Object.create(null);
  if (typeof defaultVm === 'string' && isOurs(defaultVm)) document['default_vm'] = defaultVm;
  const found =
    records !== undefined && isTable(records)
      ? Object.entries(records).filter(([vm, record]) => isOurs(vm) && isAboutAnotherHomes(record, lookup.mark(vm)))
      : [];
  if (found.length > 0) document['vms'] = Object.fromEntries(found.map(([vm, record]) => [vm, isTable(record) ? { ...record } : record]));
  return document;
}

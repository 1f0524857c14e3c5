import { RustaError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { brokenLink } from '../system/files/broken-link.ts';
import { readIfExists } from '../system/files/files.ts';
import { acquireLock } from '../system/files/lock.ts';
import { type Document, decode, formatDocument, openTable, parseDocument, type State } from './document.ts';
import { followRenames, inherit, isEmptyRecord, isForeign, stamp, type VmLookup } from './follow.ts';
import { outOfReach } from './out-of-reach.ts';
import type { Paths } from './paths.ts';
import { fileKey, type VmRecord } from './record.ts';
import { isTable, own, writeImages, writeSources } from './sources-and-images.ts';
import { complainAbout, tableAt } from './values.ts';

/** How long another rusta may hold the state file; each holds it for milliseconds. */
const LOCK_WAIT_MS = 10_000;

export interface Store {
  /** Returns the state; that of an absent file is empty. Throws RustaError for an unreadable or invalid file. */
  read(): State;
  /** Locks the file, reads it again, changes it and replaces it as a whole: no process loses the update of another. */
  update(change: (edit: StateEdit) => void): Promise<void>;
}

export interface StateEdit {
  /** As read under the lock, before this change. */
  readonly state: State;
  setDefault(vm: string | undefined): void;
  /** Sets the keys given; undefined removes one. */
  setVm(vm: string, record: VmRecord): void;
  removeVm(vm: string): void;
  /** An empty list means the built-in default. */
  setSources(registries: readonly string[]): void;
  setImages(images: readonly string[]): void;
}

/** The document of what all VMs share, and that of the VMs of this `TART_HOME`; the same object where both are one file. */
interface Documents {
  readonly shared: Document;
  readonly own: Document;
  /** As they stand in their files. */
  readonly written: { readonly shared: string; readonly own: string };
}

type StorePaths = Pick<Paths, 'state' | 'records' | 'stateLock' | 'rootTartHome' | 'claim'>;

export function createStore(paths: StorePaths, clock: Clock, vms: VmLookup = NO_VMS): Store {
  return {
    read: () => meaning(load(paths, vms), paths, vms),
    async update(change) {
      const result = await acquireLock(paths.stateLock, clock, { purpose: 'state', waitMs: LOCK_WAIT_MS });
      if ('heldBy' in result) throw new RustaError('busy', `${paths.state} is locked by another rusta: ${result.heldBy}`);
      using _ = result.lock;
      const documents = load(paths, vms);
      change(editor(documents, paths, vms));
      const { shared, own: mine, written } = documents;
      const [newShared, newOwn] = [formatDocument(shared), formatDocument(mine)];
      // An empty change needs no marker. `delete` makes such a change, also on a full disk, to see whether the state can be changed.
      if (newShared !== written.shared || newOwn !== written.own) paths.claim();
      if (newShared !== written.shared) writeFileAtomic(paths.state, newShared, 0o600);
      if (mine !== shared && newOwn !== written.own) writeFileAtomic(paths.records, newOwn, 0o600);
    },
  };
}

const NO_VMS: VmLookup = { mark: () => undefined, names: () => [], isIn: () => false };

function load({ state, records, rootTartHome }: StorePaths, vms: VmLookup): Documents {
  const shared = parseDocument(readState(state) ?? '', state);
  const sharedText = formatDocument(shared);
  if (records === state) {
    followRenames(tableAt(shared, 'vms', state) ?? {}, vms);
    return { shared, own: shared, written: { shared: sharedText, own: sharedText } };
  }
  const text = readState(records);
  const mine = text === undefined ? inherit(shared, vms, rootTartHome) : parseDocument(text, records);
  const ownText = text === undefined ? '' : formatDocument(mine);
  followRenames(tableAt(mine, 'vms', records) ?? {}, vms);
  return { shared, own: mine, written: { shared: sharedText, own: ownText } };
}

/** Decodes the documents, without the records of former VMs whose names other VMs have now: nobody may read those. */
function meaning({ shared, own: mine }: Documents, { state, records }: StorePaths, vms: VmLookup): State {
  const table = tableAt(mine, 'vms', records);
  const current =
    table === undefined ? {} : Object.fromEntries(Object.entries(table).filter(([vm, record]) => !isForeign(record, vms.mark(vm))));
  const read = decode(table === undefined ? mine : { ...mine, vms: current }, records);
  if (mine === shared) return read;
  const { sources, images } = decode(shared, state);
  return { ...read, sources, images };
}

function editor(documents: Documents, paths: StorePaths, vms: VmLookup): StateEdit {
  const { shared, own: mine } = documents;
  const file = paths.records;
  return {
    state: meaning({ ...documents, own: snapshot(mine) }, paths, vms),
    setDefault(vm) {
      if (vm === undefined) delete mine['default_vm'];
      else mine['default_vm'] = vm;
    },
    setVm(vm, record) {
      const records = openTable(mine, 'vms', file);
      const now = vms.mark(vm);
      if (isForeign(own(records, vm), now)) delete records[vm];
      const table = openTable(records, vm, file);
      for (const [field, value] of Object.entries(record)) {
        if (value === undefined) delete table[fileKey(field)];
        else table[fileKey(field)] = Array.isArray(value) ? [...value] : value;
      }
      if (isEmptyRecord(table)) this.removeVm(vm);
      else stamp(table, now);
    },
    removeVm(vm) {
      const records = openTable(mine, 'vms', file);
      delete records[vm];
      if (Object.keys(records).length === 0) delete mine['vms'];
    },
    setSources: (registries) => writeSources(shared, registries, complainAbout(paths.state)),
    setImages: (images) => writeImages(shared, images, complainAbout(paths.state)),
  };
}

/** Copies a document and its records: changes of the original do not reach the copy. */
function snapshot(document: Document): Document {
  const records = own(document, 'vms');
  if (records === undefined || !isTable(records)) return { ...document };
  const copies = Object.entries(records).map(([vm, record]) => [vm, isTable(record) ? { ...record } : record] as const);
  return { ...document, vms: Object.fromEntries(copies) };
}

/** Reads a text in UTF-8; undefined if there is no such file. Throws RustaError if it cannot be read, or is out of reach. */
function readState(path: string): string | undefined {
  const latin1 = readIfExists(path, 'latin1');
  if (latin1 === undefined) {
    const broken = brokenLink(path);
    if (broken === undefined) return undefined;
    throw outOfReach(path, broken);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    // Bytes that cannot be decoded would be lost when the file is written again.
    throw complainAbout(path)('it is not in UTF-8');
  }
}

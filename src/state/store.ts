import { RustaError } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { writeFileAtomic } from '../system/files/atomic.ts';
import { readIfExists } from '../system/files/files.ts';
import { acquireLock } from '../system/files/lock.ts';
import {
  complainAbout,
  type Document,
  decode,
  fileKey,
  formatDocument,
  openTable,
  parseDocument,
  type State,
  type VmRecord,
} from './document.ts';
import { writeImages, writeSources } from './sources-and-images.ts';

/** How long another rusta may hold the state file; each holds it for milliseconds. */
const LOCK_WAIT_MS = 10_000;

export interface Store {
  /** Throws RustaError for an unreadable or invalid file. An absent one is an empty state. */
  read(): State;
  /** Locks, reads again, changes, replaces the file as a whole: no process loses another one's update. */
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

export interface StoreFiles {
  readonly state: string;
  readonly stateLock: string;
}

export function createStore(files: StoreFiles, clock: Clock): Store {
  const load = (): Document => parseDocument(readState(files.state), files.state);
  return {
    read: () => decode(load(), files.state),
    async update(change) {
      const result = await acquireLock(files.stateLock, clock, { purpose: 'state', waitMs: LOCK_WAIT_MS });
      if ('heldBy' in result) throw new RustaError('busy', `${files.state} is locked by another rusta: ${result.heldBy}`);
      using _ = result.lock;
      const document = load();
      const before = formatDocument(document);
      change(editor(document, files.state));
      const after = formatDocument(document);
      if (after !== before) writeFileAtomic(files.state, after, 0o600);
    },
  };
}

function editor(document: Document, file: string): StateEdit {
  return {
    state: decode(document, file),
    setDefault(vm) {
      if (vm === undefined) delete document['default_vm'];
      else document['default_vm'] = vm;
    },
    setVm(vm, record) {
      const table = openTable(openTable(document, 'vms', file), vm, file);
      for (const [field, value] of Object.entries(record)) {
        if (value === undefined) delete table[fileKey(field)];
        else table[fileKey(field)] = value;
      }
      if (Object.keys(table).length === 0) this.removeVm(vm);
    },
    removeVm(vm) {
      const vms = openTable(document, 'vms', file);
      delete vms[vm];
      if (Object.keys(vms).length === 0) delete document['vms'];
    },
    setSources: (registries) => writeSources(document, registries, complainAbout(file)),
    setImages: (images) => writeImages(document, images, complainAbout(file)),
  };
}

function readState(path: string): string {
  const bytes = Buffer.from(readIfExists(path, 'latin1') ?? '', 'latin1');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // What cannot be decoded would be lost when the file is written again.
    throw complainAbout(path)('it is not in UTF-8');
  }
}

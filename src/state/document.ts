import { TomlError, type TomlTable } from 'smol-toml';
import { RustaError } from '../errors.ts';
import { isComponent, isPassword, isReference, isSource, isUserName } from './grammar.ts';
import { type Complain, isTable, own, readImages, readSources } from './sources-and-images.ts';
import { formatToml, parseToml } from './toml.ts';

const CREATE_PHASES = ['cloning', 'booting', 'provisioning'] as const;
export type CreatePhase = (typeof CREATE_PHASES)[number];

/** What `[vms.<name>]` says; every key may be absent. */
export interface VmRecord {
  /** How `up` boots it. */
  readonly window?: boolean | undefined;
  /** How far `create` has come; absent once the VM is finished. */
  readonly phase?: CreatePhase | undefined;
  /** What `create` was asked for, until it has finished: `--resume` goes on with it. Memory in MB, disk in GB. */
  readonly image?: string | undefined;
  readonly desktop?: string | undefined;
  readonly cpus?: number | undefined;
  readonly memory?: number | undefined;
  readonly disk?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** The guest knows our key: connections may use it (spec 6.2). */
  readonly key?: boolean | undefined;
  /** docker-setup was run: there may be an alias and a context of ours. */
  readonly docker?: boolean | undefined;
}

/** Records use the words of the code, the file those of the flags that its users know; other keys are the same in both. */
const FILE_KEYS: Readonly<Record<string, string>> = { window: 'gui', phase: 'setup' };

/** Returns the key of `[vms.<name>]` that holds a field of a record. */
export function fileKey(field: string): string {
  return FILE_KEYS[field] ?? field;
}

export interface State {
  readonly defaultVm: string | undefined;
  readonly vms: ReadonlyMap<string, VmRecord>;
  /** Registry prefixes in order of priority; undefined where none is configured (spec 4.12). */
  readonly sources: readonly string[] | undefined;
  /** Image names in order of priority; undefined where none is configured (spec 4.13). */
  readonly images: readonly string[] | undefined;
}

/** state.toml as it stands, with the keys that this version does not know. */
export type Document = TomlTable;

/** Throws RustaError naming the file and the line. Unknown keys are kept. */
export function parseDocument(text: string, file: string): Document {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const reason = error.message.split('\n')[0] ?? '';
    throw invalid(file, `line ${error.line}: ${reason.replace(/^Invalid TOML document: /, '')}`);
  }
}

/** Writes it again, no value changed, top-level values before tables (D3). */
export function formatDocument(document: Document): string {
  return formatToml(document);
}

/** The meaning of a document. Throws RustaError naming the file and the key for values of the wrong kind. */
export function decode(document: Document, file: string): State {
  const vms = new Map<string, VmRecord>();
  for (const [name, value] of Object.entries(tableAt(document, 'vms', file) ?? {})) {
    if (!isTable(value)) throw invalid(file, `[vms.${name}] is not a table`);
    vms.set(name, decodeVm(value, `vms.${name}`, file));
  }
  const complain = complainAbout(file);
  return {
    defaultVm: typed(document, 'default_vm', 'string', '', file),
    vms,
    sources: checkEach(readSources(document, complain), isSource, 'a source', file),
    images: checkEach(readImages(document, complain), isComponent, 'an image name', file),
  };
}

/** The table at `key`, made if absent. */
export function openTable(parent: TomlTable, key: string, file: string): TomlTable {
  const existing = tableAt(parent, key, file);
  if (existing) return existing;
  const created: TomlTable = Object.create(null);
  parent[key] = created;
  return created;
}

/** For the lists, which do not know the file. */
export function complainAbout(file: string): Complain {
  return (reason) => invalid(file, reason);
}

function decodeVm(table: TomlTable, path: string, file: string): VmRecord {
  const setup = typed(table, 'setup', 'string', path, file);
  const phase = CREATE_PHASES.find((known) => known === setup);
  if (setup !== undefined && phase === undefined)
    throw invalid(file, `${path}.setup is '${setup}', not one of ${CREATE_PHASES.join(', ')}`);
  // The file is the user's to edit: what goes to programs is checked as if it were typed. A password is not repeated.
  const checked = (key: string, isRight: (text: string) => boolean, what: string) => {
    const text = typed(table, key, 'string', path, file);
    if (text !== undefined && !isRight(text)) throw invalid(file, `${path}.${key} is not ${what}`);
    return text;
  };
  const size = (key: string) => {
    const value = typed(table, key, 'number', path, file);
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0))
      throw invalid(file, `${path}.${key} is not a whole number above 0`);
    return value;
  };
  return {
    window: typed(table, 'gui', 'boolean', path, file),
    phase,
    image: checked('image', isReference, 'an image reference'),
    desktop: typed(table, 'desktop', 'string', path, file),
    cpus: size('cpus'),
    memory: size('memory'),
    disk: size('disk'),
    user: checked('user', isUserName, 'a user name'),
    password: checked('password', isPassword, 'one line'),
    key: typed(table, 'key', 'boolean', path, file),
    docker: typed(table, 'docker', 'boolean', path, file),
  };
}

function checkEach(
  items: readonly string[] | undefined,
  isRight: (item: string) => boolean,
  what: string,
  file: string,
): readonly string[] | undefined {
  const odd = items?.find((item) => !isRight(item));
  if (odd !== undefined) throw invalid(file, `'${odd}' is not ${what}`);
  return items;
}

interface Kinds {
  readonly string: string;
  readonly boolean: boolean;
  readonly number: number;
}

function typed<K extends keyof Kinds>(table: TomlTable, key: string, kind: K, path: string, file: string): Kinds[K] | undefined {
  const value = own(table, key);
  if (value === undefined) return undefined;
  if (!isKind(value, kind)) throw invalid(file, `${path ? `${path}.` : ''}${key} is not a ${kind}`);
  return value;
}

function isKind<K extends keyof Kinds>(value: unknown, kind: K): value is Kinds[K] {
  return typeof value === kind;
}

function tableAt(parent: TomlTable, key: string, file: string): TomlTable | undefined {
  const value = own(parent, key);
  if (value === undefined) return undefined;
  if (!isTable(value)) throw invalid(file, `'${key}' is not a table`);
  return value;
}

function invalid(file: string, reason: string): RustaError {
  return new RustaError('state_invalid', `${file} is not valid: ${reason}`, {
    hint: 'Nothing was changed. Correct the file, or move it away to start afresh.',
  });
}

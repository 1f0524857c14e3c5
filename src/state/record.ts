import type { TomlTable } from 'smol-toml';
import { RustaError } from '../errors.ts';
import { isPassword, isReference, isUserName, isVmName } from './grammar.ts';
import { isTable, own } from './sources-and-images.ts';
import { invalid, type TableReader, tableReader } from './values.ts';

const CREATE_PHASES = ['cloning', 'booting', 'provisioning'] as const;
/** An identity that is yet to be given. */
const PENDING = 'pending';
export type CreatePhase = (typeof CREATE_PHASES)[number];

/** The table `[vms.<name>]`; every key may be absent. */
export interface VmRecord {
  /** How `up` boots it. */
  readonly window?: boolean | undefined;
  /** How far `create` has come; absent once the VM is finished. */
  readonly phase?: CreatePhase | undefined;
  /** What it was cloned from. */
  readonly image?: string | undefined;
  /** What `create` was asked for, until it has finished: `--resume` goes on with it. The VM that is to be copied; memory in MB, disk in GB. */
  readonly from?: string | undefined;
  readonly desktop?: string | undefined;
  readonly cpus?: number | undefined;
  readonly memory?: number | undefined;
  readonly disk?: number | undefined;
  /** A script of the user is to be run; it is kept beside the provisioning script. */
  readonly script?: boolean | undefined;
  /** The folders of the Mac that it sees in each boot by `up`: `<folder>:<path in the guest>[:ro]`. */
  readonly shares?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** The guest knows our key: connections may use it (spec 6.2). */
  readonly key?: boolean | undefined;
  /** docker-setup was run: there may be an alias and a context of ours. */
  readonly docker?: boolean | undefined;
  /** It is a copy that has its source's hostname, machine-id and host keys until its first boot (D19). */
  readonly identity?: 'pending' | undefined;
  /** The name that `run` gave a VM that it will remove. Under another name the VM is no longer thrown away. */
  readonly throwAway?: string | undefined;
  /** ssh-setup was run: there may be an alias and known host keys of ours. */
  readonly ssh?: boolean | undefined;
  /** Names that it had before `tart rename`: things on the Mac may have been made for it under one of them. */
  readonly was?: readonly string[] | undefined;
  /** The flags that it was created with, as words, without the defaults and the password. */
  readonly flags?: readonly string[] | undefined;
}

/** The records by the names of their VMs. A record that cannot be used costs only its own VM (D28). */
export interface VmRecords extends Pick<ReadonlyMap<string, VmRecord>, 'has' | 'keys'> {
  /** Throws RustaError naming the file and the key for a value of the wrong kind. */
  get(vm: string): VmRecord | undefined;
}

/** Returns the record of a VM; undefined if there is none. An invalid one counts as none, and its error goes to `onInvalid`. */
export function readableRecord(records: VmRecords, vm: string, onInvalid?: (error: RustaError) => void): VmRecord | undefined {
  try {
    return records.get(vm);
  } catch (error) {
    if (!(error instanceof RustaError && error.code === 'state_invalid')) throw error;
    onInvalid?.(error);
    return undefined;
  }
}

/** Keys that the file calls otherwise than the code: it uses the words of the flags, which users know. */
const FILE_KEYS: Readonly<Record<string, string>> = { window: 'gui', phase: 'setup', throwAway: 'throw_away' };

/** Returns the key of `[vms.<name>]` that holds a field of a record. */
export function fileKey(field: string): string {
  return FILE_KEYS[field] ?? field;
}

/** Returns the records in a table of tables; each is decoded when it is asked for. */
export function recordsIn(vms: TomlTable, file: string): VmRecords {
  return {
    get(vm) {
      const table = own(vms, vm);
      if (table === undefined) return undefined;
      if (!isTable(table)) throw invalid(file, `[vms.${vm}] is not a table`);
      return decodeVm(tableReader(table, `vms.${vm}`, file));
    },
    has: (vm) => own(vms, vm) !== undefined,
    keys: () => Object.keys(vms).values(),
  };
}

function decodeVm(table: TableReader): VmRecord {
  const setup = table.value('setup', 'string');
  const phase = CREATE_PHASES.find((known) => known === setup);
  if (setup !== undefined && phase === undefined)
    throw table.invalid('setup', `is '${setup}', not one of ${CREATE_PHASES.join(', ')}; a newer rusta may have written it`);
  // Users may edit the file: values that go to programs are checked as if they were typed. No message repeats a password.
  const checked = (key: string, isRight: (text: string) => boolean, what: string) => {
    const text = table.value(key, 'string');
    if (text !== undefined && !isRight(text)) throw table.invalid(key, `is not ${what}`);
    return text;
  };
  const size = (key: string) => {
    const value = table.value(key, 'number');
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) throw table.invalid(key, 'is not a whole number above 0');
    return value;
  };
  return {
    window: table.value('gui', 'boolean'),
    phase,
    image: checked('image', isReference, 'an image reference'),
    from: checked('from', isVmName, 'the name of a VM'),
    desktop: table.value('desktop', 'string'),
    cpus: size('cpus'),
    memory: size('memory'),
    disk: size('disk'),
    script: table.value('script', 'boolean'),
    user: checked('user', isUserName, 'a user name'),
    password: checked('password', isPassword, 'one line'),
    key: table.value('key', 'boolean'),
    docker: table.value('docker', 'boolean'),
    identity: checked('identity', (text) => text === PENDING, `'${PENDING}'`) === undefined ? undefined : PENDING,
    throwAway: table.value('throw_away', 'string'),
    ssh: table.value('ssh', 'boolean'),
    shares: table.words('shares'),
    was: table.words('was')?.filter(isVmName),
    flags: table.words('flags'),
  };
}

import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { readableRecord, type VmRecord, type VmRecords } from '../../state/record.ts';

/** The files of rusta itself. */
export interface StateFacts {
  readonly file: string;
  /** Why state.toml, or a record in it, cannot be understood; the rest is there. */
  readonly failure: string | undefined;
  readonly defaultVm: string | undefined;
  readonly records: ReadonlyMap<string, VmRecord>;
}

export function readState({ store, paths }: Pick<App, 'store' | 'paths'>): StateFacts {
  const file = paths.state;
  try {
    const { defaultVm, vms } = store.read();
    return { file, defaultVm, ...decodeAll(vms) };
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
    return { file, failure: error.message, defaultVm: undefined, records: new Map() };
  }
}

/** Decodes all records that can be read: one that only a newer rusta understands does not hide the others (D28). */
function decodeAll(vms: VmRecords): Pick<StateFacts, 'failure' | 'records'> {
  const records = new Map<string, VmRecord>();
  let failure: string | undefined;
  for (const name of vms.keys()) {
    const record = readableRecord(vms, name, ({ message }) => {
      failure ??= message;
    });
    if (record !== undefined) records.set(name, record);
  }
  return { failure, records };
}

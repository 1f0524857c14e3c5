import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import type { VmRecord } from '../../state/document.ts';

/** What rusta itself keeps. */
export interface StateFacts {
  readonly file: string;
  /** Why state.toml cannot be understood; the rest is empty then. */
  readonly failure: string | undefined;
  readonly defaultVm: string | undefined;
  readonly records: ReadonlyMap<string, VmRecord>;
}

export function readState({ store, paths }: Pick<App, 'store' | 'paths'>): StateFacts {
  const file = paths.state;
  try {
    const { defaultVm, vms } = store.read();
    return { file, failure: undefined, defaultVm, records: vms };
  } catch (error) {
    if (!(error instanceof RustaError)) throw error;
    return { file, failure: error.message, defaultVm: undefined, records: new Map() };
  }
}

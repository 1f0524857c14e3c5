import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { IMAGE_CREDENTIALS } from '../vm/credentials.ts';
import type { Created } from './create.ts';
import { valueIn } from './existing.ts';

/** Returns the result for programs of a VM that was made now, or existed already: then as far as it is on record. */
export function createResult(app: Pick<App, 'store' | 'tartFiles'>, vm: string, created: Created | undefined): ResultOf<'create'> {
  const record = app.store.read().vms.get(vm);
  const has = app.tartFiles.look(vm);
  return {
    vm,
    created: created !== undefined,
    image: record?.image ?? null,
    cpus: has?.cpus ?? null,
    memory_mb: has?.memoryMb ?? null,
    disk_gb: has?.diskGb ?? null,
    desktop: created?.plan.desktop?.name ?? valueIn(record?.flags, '--gui') ?? null,
    user: record?.user ?? IMAGE_CREDENTIALS.user,
    keys: [],
    ledger: (created?.ledger ?? []).map(({ step, ms }) => ({ step, ms: Math.round(ms) })),
  };
}

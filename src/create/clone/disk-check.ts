import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { nearestExisting } from '../../system/files/disk.ts';
import { spaceWithPurgeable } from '../../tools/purgeable-space.ts';
import type { CachedImage, Inventory } from '../../tools/tart/list.ts';
import { CLEAN_UP } from '../../tools/tart/messages.ts';
import type { SettledPlan } from '../plan.ts';

const GB = 1e9;
/**
 * Least GB that a new VM writes: the image, unless it is in the cache, whose files APFS shares until they change; and the packages.
 * Images differ, so this only finds a disk that is almost full.
 */
const NEEDS = { image: 3, server: 1, desktop: 4 } as const;

/** Checks the free space as far as it can be judged before the clone (D8). Throws RustaError with the numbers. */
export async function checkDisk(
  app: Pick<App, 'freeBytes' | 'paths' | 'runner'>,
  { vm, resources, desktop }: Pick<SettledPlan, 'vm' | 'resources' | 'desktop'>,
  reference: string,
  { images }: Inventory,
): Promise<void> {
  const cached = findCached(images, reference);
  if (cached !== undefined && resources.diskGb !== undefined && resources.diskGb < cached.diskGb) {
    throw new RustaError('usage', `a disk of ${resources.diskGb} GB is smaller than that of ${reference}, which has ${cached.diskGb} GB`, {
      hint: `Nothing was created. Try again with 'rusta create ${vm} --disk ${cached.diskGb} ...' or more.`,
    });
  }
  const needed = (cached === undefined ? NEEDS.image : 0) + NEEDS.server + (desktop === undefined ? 0 : NEEDS.desktop);
  const free = app.freeBytes(app.paths.tartHome);
  if (free === undefined || free >= needed * GB) return;
  const withPurgeable = await spaceWithPurgeable(app.runner, nearestExisting(app.paths.tartHome));
  if (withPurgeable !== undefined && withPurgeable >= needed * GB) return;
  throw new RustaError(
    'disk_full',
    `not enough disk space for VM '${vm}': ${(free / GB).toFixed(1)} GB are free in ${app.paths.tartHome}, ${needed} GB are needed at least`,
    { hint: `Nothing was created. ${CLEAN_UP}\nThen try again with 'rusta create ${vm} ...'.` },
  );
}

/** Finds the cached image of a reference; Tart adds `latest` to one without a tag. */
function findCached(images: readonly CachedImage[], reference: string): CachedImage | undefined {
  const named = /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
  return images.find(({ name }) => name === named);
}

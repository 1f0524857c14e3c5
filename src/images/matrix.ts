import type { App } from '../app.ts';
import type { Listing } from '../tools/registry.ts';

export interface Cell {
  readonly source: string;
  readonly image: string;
  readonly listing: Listing;
}

/** Repositories that are asked at a time, because registries throttle. */
const PARALLEL_REQUESTS = 20;

/** Asks every source for every image, in the order of the lists (D16). Rejects only with Interrupted. */
export async function listMatrix(
  app: Pick<App, 'registry' | 'interrupt'>,
  sources: readonly string[],
  images: readonly string[],
): Promise<readonly Cell[]> {
  const wanted = sources.flatMap((source) => images.map((image) => ({ source, image })));
  const cells: Cell[] = new Array(wanted.length);
  const queue = wanted.entries();
  const worker = async () => {
    for (const [index, { source, image }] of queue) {
      cells[index] = { source, image, listing: await app.registry.listTags(source, image, app.interrupt.signal) };
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_REQUESTS, wanted.length) }, worker));
  return cells;
}

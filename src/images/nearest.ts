import type { App } from '../app.ts';
import { settlesWithin } from '../system/clock.ts';
import type { Listing } from '../tools/registry.ts';
import { nearestReleases } from './version.ts';

const SUGGESTIONS = 3;
/** Milliseconds: suggestions after a failure are worth only a short wait. */
const TIMEOUT_MS = 5_000;

/** Returns the releases nearest to a reference's tag that its registry lists; none if it does not answer. Rejects only with Interrupted. */
export async function nearestTags(app: Pick<App, 'registry' | 'interrupt' | 'clock'>, reference: string): Promise<string[]> {
  const [, source, image, tag] = /^(.+)\/([^/:@]+):([^/:@]+)$/.exec(reference) ?? [];
  if (source === undefined || image === undefined || tag === undefined) return [];
  const over = new AbortController();
  const listing: Promise<Listing> = app.registry
    .listTags(source, image, AbortSignal.any([over.signal, app.interrupt.signal]))
    .catch((): Listing => ({ kind: 'unreachable', reason: 'no answer in time' }));
  await settlesWithin(app.clock, listing, TIMEOUT_MS, app.interrupt.signal);
  over.abort(new Error('no answer in time'));
  const answer = await listing;
  return answer.kind === 'tags' ? nearestReleases(tag, answer.tags, SUGGESTIONS) : [];
}

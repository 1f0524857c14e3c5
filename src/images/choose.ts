import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { Listing } from '../tools/registry.ts';
import { currentList, IMAGES, SOURCES } from './configured-lists.ts';
import { imageReference } from './reference.ts';
import { findSource } from './source.ts';
import { hintForUnreachable } from './unreachable.ts';
import { nearestReleases } from './version.ts';

export type ChooseContext = Pick<App, 'registry' | 'interrupt' | 'out'>;

export interface Wanted {
  /** Candidates in order of priority. */
  readonly sources: readonly string[];
  readonly image: string;
  readonly version: string;
}

const SUGGESTIONS = 3;

/** Fills in missing parts of the request from the configuration. Throws RustaError for a source that is not configured. */
export function wantedImage(
  app: Pick<App, 'store'>,
  asked: { readonly image: string | undefined; readonly source: string | undefined; readonly version: string },
): Wanted {
  const configured = currentList(app, SOURCES).items;
  const sources = asked.source === undefined ? configured : [findSource(configured, asked.source)];
  return { sources, image: asked.image ?? defaultImage(app), version: asked.version };
}

/** Returns the first configured image. (spec 4.13) */
export function defaultImage(app: Pick<App, 'store'>): string {
  const [first] = currentList(app, IMAGES).items;
  if (first === undefined) throw new Error('the list of images is never empty');
  return first;
}

/**
 * Chooses the reference that `create` clones (spec 4.12). Takes a single candidate without a query. Asks several together: the first in
 * priority that has the version wins, without waiting for those after it. Throws RustaError naming the nearest versions if none has it.
 */
export async function chooseReference(app: ChooseContext, { sources, image, version }: Wanted): Promise<string> {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0) return imageReference(only, image, version);
  const won = new AbortController();
  const signal = AbortSignal.any([won.signal, app.interrupt.signal]);
  const asked = sources.map((source) => ({ source, listing: app.registry.listTags(source, image, signal) }));
  const seen: Listing[] = [];
  try {
    for (const { source, listing } of asked) {
      const answer = await listing;
      seen.push(answer);
      if (answer.kind === 'unreachable') app.out.warn(`skipping source ${source}, it cannot be reached: ${answer.reason}`);
      if (answer.kind === 'tags' && answer.tags.includes(version)) return imageReference(source, image, version);
    }
  } finally {
    won.abort(new Error('chosen'));
    await Promise.allSettled(asked.map(({ listing }) => listing));
  }
  throw notOffered({ sources, image, version }, seen);
}

const LISTS = "'rusta versions' lists what there is; 'rusta source list' shows where it is looked for.";
const nearest = (releases: readonly string[]) => `Nearest: ${releases.join(', ')}. 'rusta versions' lists them all.`;

function notOffered({ image, version }: Wanted, seen: readonly Listing[]): RustaError {
  const tags = seen.flatMap((listing) => (listing.kind === 'tags' ? listing.tags : []));
  const near = nearestReleases(version, tags, SUGGESTIONS);
  const unreachable = seen.filter(({ kind }) => kind === 'unreachable').length;
  const noneReached = unreachable === seen.length;
  const where = unreachable === 0 ? 'any source' : noneReached ? 'any source: none can be reached' : 'any reachable source';
  return new RustaError('image_not_found', `${image}:${version} was not found in ${where}; nothing was created`, {
    hint: noneReached ? hintForUnreachable(seen) : near.length > 0 ? nearest(near) : LISTS,
  });
}

import type { App } from '../app.ts';
import type { ResultOf } from '../contract/results.ts';
import { RustaError } from '../errors.ts';
import { currentList, IMAGES, SOURCES } from './configured-lists.ts';
import { type Cell, listMatrix } from './matrix.ts';
import { DEFAULT_VERSION, imageReference } from './reference.ts';
import { findSource, sourceLabels } from './source.ts';
import { hintForUnreachable } from './unreachable.ts';
import { compareReleases, isRelease } from './version.ts';

export type VersionsContext = Pick<App, 'store' | 'registry' | 'interrupt' | 'out'>;

/**
 * Prints the releases of the sources × images matrix, or of one source or image of it, and warns about cells that cannot be reached.
 * Throws RustaError if nothing was found at all.
 */
export async function listVersions(
  app: VersionsContext,
  source: string | undefined,
  image: string | undefined,
): Promise<ResultOf<'versions'>> {
  const configured = currentList(app, SOURCES).items;
  const sources = source === undefined ? configured : [findSource(configured, source)];
  const images = image === undefined ? currentList(app, IMAGES).items : [image];
  const cells = await listMatrix(app, sources, images);
  for (const { source, image, reason } of unreachableIn(cells)) {
    app.out.warn(`skipping ${source}/${image}, it cannot be reached: ${reason}`);
  }
  const lines = versionLines(cells, sources, images);
  if (lines.length === 0) throw nothingFound(cells);
  for (const line of lines) app.out.data(line);
  return {
    versions: releasesIn(cells).map((release) => releaseResult(cells, { sources, images }, release)),
    unreachable: unreachableIn(cells),
  };
}

function unreachableIn(cells: readonly Cell[]): ResultOf<'versions'>['unreachable'] {
  return cells.flatMap(({ source, image, listing }) => (listing.kind === 'unreachable' ? [{ source, image, reason: listing.reason }] : []));
}

/** Says who has a release, and what `create` takes of it. */
function releaseResult(
  cells: readonly Cell[],
  { sources, images }: { readonly sources: readonly string[]; readonly images: readonly string[] },
  version: string,
): ResultOf<'versions'>['versions'][number] {
  const offers = images.flatMap((image) => {
    const providers = sources.filter((source) => provides(cells, source, image, version));
    const [first] = providers;
    return first === undefined ? [] : [{ image, sources: providers, reference: imageReference(first, image, version) }];
  });
  return { version, default: version === DEFAULT_VERSION, images: offers };
}

/** Lists every release once, ascending. */
function releasesIn(cells: readonly Cell[]): string[] {
  const found = new Set(cells.flatMap(({ listing }) => (listing.kind === 'tags' ? listing.tags.filter(isRelease) : [])));
  return [...found].sort(compareReleases);
}

function nothingFound(cells: readonly Cell[]): RustaError {
  const unreachable = cells.every(({ listing }) => listing.kind === 'unreachable');
  if (unreachable)
    return new RustaError('registry_unreachable', 'no source can be reached', {
      hint: hintForUnreachable(cells.map(({ listing }) => listing)),
    });
  const where = cells.map((cell) => `${cell.source}/${cell.image}`).join(', ');
  return new RustaError('image_not_found', `no versions found in ${where}`, {
    hint: "'rusta source list' and 'rusta image list' show what is asked.",
  });
}

/** Returns the lines of `rusta versions`: one for each release, ascending, with its providers where there is a choice. Pure. (spec 4.6) */
export function versionLines(cells: readonly Cell[], sources: readonly string[], images: readonly string[]): string[] {
  const labels = sourceLabels(sources);
  const rows = releasesIn(cells).map((release) => {
    const groups = images.flatMap((image) => {
      const providers = sources.filter((source) => provides(cells, source, image, release)).map((source) => labels.get(source) ?? source);
      return providers.length === 0 ? [] : [{ image, text: formatProviders(providers) }];
    });
    const annotation =
      images.length > 1
        ? groups.map(({ image, text }) => `${image}: ${text}`).join('; ')
        : sources.length > 1
          ? (groups[0]?.text ?? '')
          : '';
    return { head: release === DEFAULT_VERSION ? `${release} (default)` : release, annotation };
  });
  const width = Math.max(0, ...rows.map(({ head }) => head.length));
  return rows.map(({ head, annotation }) => (annotation === '' ? head : `${head.padEnd(width)}   ${annotation}`));
}

/** Lists labels in order of priority and, if there are several, says which one `create` takes. */
function formatProviders(providers: readonly string[]): string {
  const list = providers.join(', ');
  return providers.length > 1 ? `${list}  (create uses ${providers[0]})` : list;
}

function provides(cells: readonly Cell[], source: string, image: string, release: string): boolean {
  return cells.some(
    (cell) => cell.source === source && cell.image === image && cell.listing.kind === 'tags' && cell.listing.tags.includes(release),
  );
}

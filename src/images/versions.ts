import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { currentList, IMAGES, SOURCES } from './configured-lists.ts';
import { type Cell, listMatrix } from './matrix.ts';
import { DEFAULT_VERSION } from './reference.ts';
import { findSource, sourceLabels } from './source.ts';
import { compareReleases, isRelease } from './version.ts';

export type VersionsContext = Pick<App, 'store' | 'registry' | 'interrupt' | 'out'>;

/**
 * Prints the releases of the sources × images matrix, or of one source or image of it, and warns about cells that cannot
 * be reached. Throws RustaError when nothing was found at all.
 */
export async function listVersions(app: VersionsContext, source: string | undefined, image: string | undefined): Promise<void> {
  const configured = currentList(app, SOURCES).items;
  const sources = source === undefined ? configured : [findSource(configured, source)];
  const images = image === undefined ? currentList(app, IMAGES).items : [image];
  const cells = await listMatrix(app, sources, images);
  for (const cell of cells) {
    if (cell.listing.kind === 'unreachable')
      app.out.warn(`skipping ${cell.source}/${cell.image}, it cannot be reached: ${cell.listing.reason}`);
  }
  const lines = versionLines(cells, sources, images);
  if (lines.length === 0) throw nothingFound(cells);
  for (const line of lines) app.out.data(line);
}

function nothingFound(cells: readonly Cell[]): RustaError {
  const unreachable = cells.every(({ listing }) => listing.kind === 'unreachable');
  if (unreachable)
    return new RustaError('registry_unreachable', 'no source can be reached', {
      hint: 'Check the network, VPN and proxy settings (HTTPS_PROXY, NODE_EXTRA_CA_CERTS).',
    });
  const where = cells.map((cell) => `${cell.source}/${cell.image}`).join(', ');
  return new RustaError('image_not_found', `no versions found in ${where}`, {
    hint: "'rusta source list' and 'rusta image list' show what is asked.",
  });
}

/** Returns the lines of `rusta versions`: one for each release, ascending, with its providers where there is a choice. Pure. (spec 4.6) */
export function versionLines(cells: readonly Cell[], sources: readonly string[], images: readonly string[]): string[] {
  const labels = sourceLabels(sources);
  const releases = [...new Set(cells.flatMap(({ listing }) => (listing.kind === 'tags' ? listing.tags.filter(isRelease) : [])))];
  const rows = releases.sort(compareReleases).map((release) => {
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

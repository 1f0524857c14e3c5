import { RustaError } from '../errors.ts';
import { isComponent } from '../state/grammar.ts';
import { closest } from '../text/closest.ts';

/** The sources as long as none is configured. (spec 4.12) */
export const SOURCE_SEEDS: readonly string[] = ['ghcr.io/cirruslabs'];
/** The only registry whose tags rusta can list. */
const HOST = 'ghcr.io';

/**
 * Returns `<host>/<namespace>` in its one spelling: host in lower case, no trailing slash, no trailing `/ubuntu`.
 * Idempotent. Throws RustaError naming what is wrong.
 */
export function normalizeSource(text: string): string {
  const invalid = (why: string) =>
    new RustaError('usage', `'${text}' is not a source: ${why}`, { hint: 'Use a registry and a namespace, e.g. ghcr.io/cirruslabs.' });
  if (/^[a-z]+:\/\//i.test(text)) throw invalid(`leave out '${text.slice(0, text.indexOf('//') + 2)}'`);
  const [host = '', ...path] = text.replace(/\/+$/, '').split('/');
  if (host.toLowerCase() !== HOST) throw invalid(`only ${HOST} is supported, not '${host}'`);
  if (path.length === 0) throw invalid('the namespace is missing');
  const last = path.at(-1) ?? '';
  if (/[:@]/.test(last)) throw invalid('it must not have a tag or digest');
  while (path.length > 1 && path.at(-1) === 'ubuntu') path.pop();
  const odd = path.find((component) => !isComponent(component));
  if (odd !== undefined) throw invalid(`'${odd}' is not a namespace: use lower-case letters, digits, '.', '_' and '-'`);
  return [HOST, ...path].join('/');
}

/** Returns the short name of each source: the last part of its namespace, or the whole prefix if two would be called the same. */
export function sourceLabels(sources: readonly string[]): ReadonlyMap<string, string> {
  const short = (source: string) => source.slice(source.lastIndexOf('/') + 1);
  const collides = (source: string) => sources.some((other) => other !== source && short(other) === short(source));
  return new Map(sources.map((source) => [source, collides(source) ? source : short(source)]));
}

/** Returns the configured source that a prefix or label names. */
export function matchSource(sources: readonly string[], wanted: string): string | undefined {
  const labels = sourceLabels(sources);
  const bare = wanted.replace(/\/+$/, '');
  return sources.find((source) => source === bare.toLowerCase() || labels.get(source) === bare || source === stripUbuntu(bare));
}

/** Returns the configured source that a prefix or label names. Throws RustaError with the nearest one if there is none. */
export function findSource(sources: readonly string[], wanted: string): string {
  const found = matchSource(sources, wanted);
  if (found !== undefined) return found;
  const labels = sourceLabels(sources);
  const near = closest(wanted, [...sources, ...labels.values()]);
  throw new RustaError('source_unknown', `source '${wanted}' is not configured`, {
    hint: `${near ? `Did you mean '${near}'? ` : ''}'rusta source list' shows them, 'rusta source add' adds one.`,
  });
}

function stripUbuntu(text: string): string {
  return text.toLowerCase().replace(/(\/ubuntu)+$/, '');
}

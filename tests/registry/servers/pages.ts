/** Cuts a whole tag list into pages that are joined by `Link`, as ghcr.io does. */
import { json } from './answers.ts';
import type { Answer, LinkForm } from './types.ts';

export const ELSEWHERE = 'elsewhere.test';

export interface PageOptions {
  readonly pageSize: number;
  readonly linkForm: LinkForm;
}

const FORMS: Readonly<Record<LinkForm, (path: string, query: string) => string>> = {
  relative: (path, query) => `<${path}?${query}>; rel="next"`,
  absolute: (path, query) => `<https://ghcr.io${path}?${query}>; rel="next"`,
  query: (_path, query) => `<?${query}>; rel="next"`,
  crowded: (path, query) => `<${path}>; rel="first"; title="1, or <a>", <${path}?${query}>; title="b; rel=prev"; rel=next`,
};

export function linkTo(form: LinkForm, path: string, query: URLSearchParams): string {
  return FORMS[form](path, query.toString());
}

/** A positive whole number, else what the server would take. */
function askedFor(query: URLSearchParams, pageSize: number): number {
  const n = Number(query.get('n') ?? '0');
  return Number.isInteger(n) && n > 0 ? Math.min(n, pageSize) : pageSize;
}

/**
 * The page that the query asks for. `n=0` in the `Link` when the client named no number: the server's own page size again.
 * A `last` that is not in the list (it was deleted between two pages) goes on behind where it would stand.
 */
export function page(whole: Answer, path: string, query: URLSearchParams, options: PageOptions): Answer {
  if (whole.status !== 200 || whole.headers['link'] !== undefined) return whole;
  const list: { name: string; tags: string[] | null } = JSON.parse(whole.body);
  if (list.tags === null) return whole;
  const last = query.get('last');
  const found = last === null ? -1 : list.tags.indexOf(last);
  const later = last === null || found >= 0 ? list.tags.slice(found + 1) : list.tags.filter((tag) => tag > last);
  const size = askedFor(query, options.pageSize);
  const tags = later.slice(0, size);
  const end = tags.at(-1);
  if (tags.length === later.length || end === undefined) return json(200, { name: list.name, tags });
  const next = new URLSearchParams({ last: end, n: query.get('n') ?? '0' });
  return json(200, { name: list.name, tags }, { link: linkTo(options.linkForm, path, next) });
}

export function elsewhereLink(path: string): string {
  return `<https://${ELSEWHERE}${path}?n=0&last=zzz>; rel="next"`;
}

import type { Clock } from '../system/clock.ts';
import { getJson, type HttpAnswer, type HttpContext, Unreachable } from './registry-http.ts';

/** The answer of a source about an image, as values: no message has to be searched. */
export type Listing =
  | { readonly kind: 'tags'; readonly tags: readonly string[] }
  /** The registry answered: there is no such image that we may pull. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly hint?: string | undefined };

export interface Registry {
  /** Lists all tags of `<source>/<image>`, in the registry's order. Rejects only with the signal's reason. */
  listTags(source: string, image: string, signal: AbortSignal): Promise<Listing>;
}

const PAGE_SIZE = 1_000;
const MAX_PAGES = 1_000;
/** Error codes of registries for an image that does not exist, or that may not be pulled anonymously (D16). */
const ABSENT_CODES: ReadonlySet<string> = new Set(['NAME_UNKNOWN', 'DENIED', 'UNAUTHORIZED', 'NAME_INVALID', 'NOT_FOUND']);

/** Makes a registry. `boundMs` bounds everything that one listing needs: token, pages, retries. */
export function createRegistry(clock: Clock, boundMs: () => number): Registry {
  return {
    async listTags(source, image, signal) {
      const context: HttpContext = { clock, signal, deadline: clock.now() + boundMs() };
      try {
        return await listAll(source, image, context);
      } catch (error) {
        if (error instanceof Unreachable) return { kind: 'unreachable', reason: error.message, hint: error.hint };
        throw error;
      }
    },
  };
}

async function listAll(source: string, image: string, context: HttpContext): Promise<Listing> {
  const [host = '', ...namespace] = source.split('/');
  const repository = [...namespace, image].join('/');
  const token = await pullToken(host, repository, context);
  if (token === undefined) return { kind: 'absent' };
  const tags: string[] = [];
  const seen = new Set<string>();
  let url: string | undefined = `https://${host}/v2/${repository}/tags/list?n=${PAGE_SIZE}`;
  while (url !== undefined) {
    if (seen.has(url) || seen.size >= MAX_PAGES) throw new Unreachable({ failure: 'the list of tags does not end' });
    seen.add(url);
    const answer = await getJson(url, token, context);
    if (isAbsent(answer)) return { kind: 'absent' };
    // Not spread, because a call cannot take a million arguments.
    for (const tag of readTags(answer)) tags.push(tag);
    url = nextPage(answer.link, url);
  }
  return { kind: 'tags', tags: [...new Set(tags)] };
}

/** Gets an anonymous token that may pull one repository (spec 4.6); undefined if the registry refuses one. */
async function pullToken(host: string, repository: string, context: HttpContext): Promise<string | undefined> {
  const scope = encodeURIComponent(`repository:${repository}:pull`);
  const answer = await getJson(`https://${host}/token?service=${host}&scope=${scope}`, undefined, context);
  if (isAbsent(answer)) return undefined;
  const token = stringAt(answer.json, 'token') ?? stringAt(answer.json, 'access_token');
  if (answer.status !== 200 || token === undefined) throw unexpected(answer, 'token');
  return token;
}

function isAbsent({ status, json }: HttpAnswer): boolean {
  if (status === 404) return true;
  return (status === 401 || status === 403) && errorCodes(json).some((code) => ABSENT_CODES.has(code));
}

function errorCodes(json: unknown): string[] {
  const errors = valueAt(json, 'errors');
  return Array.isArray(errors) ? errors.flatMap((error) => stringAt(error, 'code') ?? []) : [];
}

function readTags(answer: HttpAnswer): string[] {
  const tags = valueAt(answer.json, 'tags');
  if (answer.status !== 200 || (tags !== null && !Array.isArray(tags))) throw unexpected(answer, 'list of tags');
  // `null` is how some registries write an empty list.
  return (tags ?? []).filter((tag) => typeof tag === 'string');
}

/** Returns the address of the next page. Throws Unreachable for another host, which must not get our token. */
function nextPage(link: string | undefined, current: string): string | undefined {
  const target = nextLink(link ?? '');
  if (target === undefined) return undefined;
  const next = URL.parse(target, current);
  if (next === null || next.origin !== new URL(current).origin)
    throw new Unreachable({ failure: 'its list of tags goes on at another host' });
  return next.href;
}

/** Returns the target of `<target>; rel="next"` in a Link header (RFC 8288); it may be relative. */
export function nextLink(header: string): string | undefined {
  return /<([^>]*)>\s*;[^,]*\brel=(?:"next"|next(?=[\s;,]|$))/i.exec(header)?.[1];
}

function unexpected({ status, json }: HttpAnswer, wanted: string): Unreachable {
  const what = status === 200 ? (json === undefined ? 'the answer is not JSON' : 'the answer has another shape') : `HTTP ${status}`;
  return new Unreachable({ failure: `no ${wanted}: ${what}` });
}

function valueAt(json: unknown, key: string): unknown {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return undefined;
  return Reflect.get(json, key);
}

function stringAt(json: unknown, key: string): string | undefined {
  const value = valueAt(json, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

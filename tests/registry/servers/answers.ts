/** The answers of a registry, as data. Shapes and words are those of ghcr.io and of Debian's docker-registry 2.8.2. */
import type { Answer, OddBody, RetryAfter } from './types.ts';

export const REALM = 'https://ghcr.io/token';
export const SERVICE = 'ghcr.io';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify(value) };
}

function failure(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return json(status, { errors: [{ code, message }] }, headers);
}

export const NOT_FOUND: Answer = { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '404 page not found\n' };

export const denied = (): Answer => failure(403, 'DENIED', 'requested access to the resource is denied');

export const nameUnknown = (): Answer => failure(404, 'NAME_UNKNOWN', 'repository name not known to registry');

/** The challenge of RFC 6750; `why` only when there was a token at all. */
export function unauthorized(repository: string, why?: 'invalid_token' | 'insufficient_scope'): Answer {
  const reason = why === undefined ? '' : `,error="${why}"`;
  const challenge = `Bearer realm="${REALM}",service="${SERVICE}",scope="repository:${repository}:pull"${reason}`;
  return failure(401, 'UNAUTHORIZED', 'authentication required', { 'www-authenticate': challenge });
}

const CODES: Readonly<Record<number, string>> = { 403: 'DENIED', 404: 'NAME_UNKNOWN', 429: 'TOOMANYREQUESTS', 503: 'UNAVAILABLE' };

function retryHeader(after: RetryAfter | undefined): Record<string, string> {
  if (after === undefined) return {};
  if (typeof after !== 'object') return { 'retry-after': `${after}` };
  // HTTP dates have whole seconds: rounded up, or the client would be told to come back too early.
  const second = Math.ceil(Date.now() / 1000) + after.dateInSeconds;
  return { 'retry-after': new Date(second * 1000).toUTCString() };
}

export function status(repository: string, code: number, after: RetryAfter | undefined, body: string | undefined): Answer {
  const usual =
    code === 401 ? unauthorized(repository) : failure(code, CODES[code] ?? 'UNKNOWN', `the test says ${code}`, retryHeader(after));
  return body === undefined ? usual : { ...usual, body, headers: { ...usual.headers, 'content-type': 'text/plain' } };
}

const named = (name: string, rest: Readonly<Record<string, unknown>>): string => JSON.stringify({ name, ...rest });

const ODD: Readonly<Record<OddBody, (repository: string) => string>> = {
  html: () => '<!DOCTYPE html><title>Sign in to the hotel network</title>',
  empty: () => '',
  half: (name) => `{"name":"${name}","tags":["24.04","2`,
  array: () => '["24.04"]',
  null: () => 'null',
  'tags-null': (name) => named(name, { tags: null }),
  'tags-missing': (name) => named(name, {}),
  'tags-string': (name) => named(name, { tags: '24.04' }),
  'tags-mixed': (name) => named(name, { tags: ['24.04', 26.04, null, { tag: '22.04' }, '26.04'] }),
  'no-token': () => '{}',
};

export function odd(repository: string, body: OddBody): Answer {
  const type = body === 'html' ? { 'content-type': 'text/html' } : JSON_TYPE;
  return { status: 200, headers: type, body: ODD[body](repository) };
}

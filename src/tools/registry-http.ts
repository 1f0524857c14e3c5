import type { Clock } from '../system/clock.ts';
import { systemAuthorities } from '../system/network/certificates.ts';
import { failureOfFetch, failureOfStatus, type RegistryFailure } from './registry-failure.ts';

/** An answer of a registry and its body; `json` is undefined if the body is not JSON. */
export interface HttpAnswer {
  readonly status: number;
  readonly json: unknown;
  readonly link: string | undefined;
}

/** There was no usable answer: refused, unknown host, TLS, time-out, a broken body, or an error of the server. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
  /** What helps, if that is more than a look at the network. */
  readonly hint: string | undefined;

  constructor({ failure, hint }: RegistryFailure) {
    super(failure);
    this.hint = hint;
  }
}

export interface HttpContext {
  readonly clock: Clock;
  /** Ends the request and the pauses between tries. */
  readonly signal: AbortSignal;
  /** Latest end of everything, in the clock's milliseconds. */
  readonly deadline: number;
}

const REQUEST_MS = 10_000;
const TRIES = 4;
const MAX_REDIRECTS = 5;
/** The pause if the server names none; doubled with each try. */
const FIRST_PAUSE_MS = 300;
const BUSY: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Gets a document: follows redirects, tries again as the server asks for it, and has one bound for all together. Throws Unreachable, or
 * the signal's reason.
 */
export async function getJson(url: string, token: string | undefined, context: HttpContext): Promise<HttpAnswer> {
  let authorities: readonly string[] | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await tryOnce(url, token, authorities, context);
    if ('answer' in outcome) return outcome.answer;
    if (outcome.untrusted && authorities === undefined) {
      authorities = await systemAuthorities();
      continue;
    }
    if (outcome.final) throw new Unreachable(outcome);
    const pause = outcome.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
    if (attempt === TRIES || context.clock.now() + pause >= context.deadline) throw new Unreachable(outcome);
    await context.clock.sleep(pause, context.signal);
  }
}

type Outcome =
  | { readonly answer: HttpAnswer }
  | (RegistryFailure & { readonly retryAfterMs?: number | undefined; readonly final?: boolean; readonly untrusted?: boolean });

/** Sends the request once. `authorities` are trusted instead of those that come with Bun. */
async function tryOnce(
  start: string,
  token: string | undefined,
  authorities: readonly string[] | undefined,
  context: HttpContext,
): Promise<Outcome> {
  // Loaded only when a registry is asked, because it costs start-up time.
  const { ofetch } = await import('ofetch');
  // Sources may be written into the state file by hand.
  const first = URL.parse(start);
  if (first === null) return { failure: `'${start}' is not an address`, final: true };
  let url = first;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const left = context.deadline - context.clock.now();
    if (left <= 0) return { failure: 'no answer in time' };
    // A token is sent only to the host that it came from.
    const headers = token !== undefined && url.origin === first.origin ? { authorization: `Bearer ${token}` } : {};
    const bound = AbortSignal.timeout(Math.min(REQUEST_MS, left));
    try {
      // ofetch would retry by itself, and ignores its own time limit if it has a signal: both are done here.
      const response = await ofetch.raw<string, 'text'>(url.href, {
        headers,
        redirect: 'manual',
        responseType: 'text',
        retry: false,
        ignoreResponseError: true,
        signal: AbortSignal.any([bound, context.signal]),
        ...(authorities === undefined ? {} : { tls: { ca: authorities } }),
      });
      const target = response.headers.get('location');
      if (REDIRECTS.has(response.status) && target !== null) {
        url = new URL(target, url);
        // fetch would read local files too, and nothing may go on unencrypted.
        if (url.protocol !== 'https:') return { failure: `redirected to ${url.protocol}, which is not https`, final: true };
        continue;
      }
      if (BUSY.has(response.status)) {
        return { ...failureOfStatus(response.status), retryAfterMs: retryAfter(response.headers.get('retry-after')) };
      }
      return { answer: { status: response.status, json: parse(response._data), link: response.headers.get('link') ?? undefined } };
    } catch (error) {
      context.signal.throwIfAborted();
      return bound.aborted ? { failure: 'no answer in time' } : failureOfFetch(error);
    }
  }
  return { failure: `more than ${MAX_REDIRECTS} redirects`, final: true };
}

/** Returns the milliseconds of a Retry-After header, which holds seconds or a date. */
function retryAfter(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header.trim()) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined; // the caller says what it expected
  }
}

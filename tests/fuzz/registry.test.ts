import { afterEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Clock } from '../../src/system/clock.ts';
import { createRegistry } from '../../src/tools/registry.ts';
import { anyWord, checkAsync } from './fuzz.ts';
import { type Answer, HOST, source, TOKEN, tokenFirst } from './registry-arbitrary.ts';

const BOUND_MS = 20_000;

const real = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = real;
});

/** Puts a world of answers behind `fetch`; what was asked, and with which token. */
function answerWith(answers: readonly Answer[]) {
  const asked: { url: URL; authorization: string | null }[] = [];
  const answer = async (input: string | URL | Request, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(String(input), init);
    const next = answers[asked.length % answers.length];
    asked.push({ url: new URL(request.url), authorization: request.headers.get('authorization') });
    if (next === undefined || next.error !== undefined) throw Object.assign(new TypeError(''), { code: next?.error ?? '' });
    return new Response(NO_BODY.has(next.status) ? null : next.body, { status: next.status, headers: next.headers });
  };
  globalThis.fetch = Object.assign(answer, { preconnect: real.preconnect });
  return asked;
}
const NO_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** Time that passes only when somebody sleeps, and a little with each look. */
function fakeClock(): Clock {
  let now = 0;
  return {
    now: () => {
      now += 1;
      return now;
    },
    sleep: async (ms) => {
      now += Math.max(0, ms);
    },
  };
}

test('any registry ends in tags, absence or a reason, and no token leaves the host that gave it', async () => {
  const kinds = new Map<string, number>();
  await checkAsync('answers of registries', tokenFirst, async (answers) => {
    const asked = answerWith(answers);
    const listing = await createRegistry(fakeClock(), () => BOUND_MS).listTags(
      `${HOST}/cirruslabs`,
      'ubuntu',
      new AbortController().signal,
    );
    kinds.set(listing.kind, (kinds.get(listing.kind) ?? 0) + 1);
    if (listing.kind === 'tags') expect(listing.tags.every((value) => typeof value === 'string')).toBe(true);
    if (listing.kind === 'unreachable') expect(listing.reason).toMatch(/\S/);
    for (const { url, authorization } of asked) {
      expect(url.protocol).toBe('https:');
      if (authorization !== null) expect(url.origin).toBe(`https://${HOST}`);
    }
    expect(asked.length).toBeLessThan(7_000);
  });
  for (const kind of ['tags', 'absent', 'unreachable']) expect(kinds.get(kind) ?? 0).toBeGreaterThan(30);
});

test('any source and image ends in a value too', async () => {
  await checkAsync('names of sources and images', fc.tuple(source, anyWord), async ([place, image]) => {
    answerWith([{ status: 200, headers: {}, body: JSON.stringify({ token: TOKEN, tags: ['24.04'] }) }]);
    const { kind } = await createRegistry(fakeClock(), () => BOUND_MS).listTags(place, image, new AbortController().signal);
    expect(['tags', 'absent', 'unreachable']).toContain(kind);
  });
});

test('a page of a million tags is read', async () => {
  const tags = Array.from({ length: 1_000_000 }, (_, index) => `${index}`);
  answerWith([{ status: 200, headers: {}, body: JSON.stringify({ token: TOKEN, tags }) }]);
  const listing = await createRegistry(fakeClock(), () => BOUND_MS).listTags(`${HOST}/cirruslabs`, 'ubuntu', new AbortController().signal);
  expect(listing.kind === 'tags' ? listing.tags.length : listing).toBe(tags.length);
});

import { afterEach, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Clock } from '../../src/system/clock.ts';
import { createRegistry } from '../../src/tools/registry.ts';
import { anyWord, checkAsync } from './fuzz.ts';

const HOST = 'ghcr.io';
const TOKEN = 'the-token-of-ghcr';
const BOUND_MS = 20_000;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** No answer at all. */
  readonly error?: string | undefined;
}

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

const header = anyWord.map((word) => word.replaceAll(/[^\x20-\x7e]/g, '')).map((word) => word.trim());
const place = fc.constantFrom(
  ...[
    '/v2/cirruslabs/ubuntu/tags/list?last=a',
    '?last=b',
    '',
    '#',
    'https://ghcr.io/v2/x',
    'https://evil.test/',
    '//evil.test/v2',
    'http://ghcr.io/v2/x',
  ],
  ...[
    'https://ghcr.io@evil.test/',
    'https://ghcr.io:444/',
    'file:///etc/passwd',
    'data:application/json,{"tags":["24.04"]}',
    'javascript:1',
    '\\\\evil.test',
    'https://',
    '%',
  ],
);
const target = fc.oneof(place, header);
const link = fc.oneof(
  fc
    .tuple(target, fc.constantFrom('rel="next"', 'rel=next', 'rel="prev"', 'REL="NEXT"', 'title="a,b"; rel="next"'))
    .map(([to, rel]) => `<${to}>; ${rel}`),
  header,
);
const tag = fc.oneof(fc.constantFrom<unknown>('24.04', 'latest', 1, null, {}, ['24.04'], true), anyWord);
const json = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      token: fc.oneof({ weight: 6, arbitrary: fc.constant<unknown>(TOKEN) }, tag),
      tags: fc.oneof({ weight: 6, arbitrary: fc.array(tag, { maxLength: 5 }) }, tag),
    }),
  },
  fc.constantFrom<unknown>(
    null,
    [],
    'x',
    1,
    { errors: [{ code: 'DENIED' }] },
    { errors: [null] },
    { errors: 'x' },
    { token: '' },
    { access_token: TOKEN },
  ),
);
const body = fc.oneof(
  { weight: 5, arbitrary: json.map((value) => JSON.stringify(value)) },
  fc.constantFrom('{"__proto__": {"token": "x"}, "constructor": 1}', '<html>', '{"tags": [', ''),
  anyWord,
);
const answer: fc.Arbitrary<Answer> = fc.record({
  status: fc.oneof({ weight: 1, arbitrary: fc.constant(200) }, fc.constantFrom(204, 301, 302, 307, 400, 401, 403, 404, 429, 500, 503)),
  headers: fc.record(
    {
      link,
      location: target,
      'retry-after': fc.oneof(fc.constantFrom('0', '1', '9'.repeat(40), '-1', 'Thu, 01 Jan 1970 00:00:00 GMT'), header),
    },
    { requiredKeys: [] },
  ),
  body,
  error: fc.oneof({ weight: 10, arbitrary: fc.constant(undefined) }, fc.constantFrom('ECONNREFUSED', 'ECONNRESET', 'CERT_HAS_EXPIRED', '')),
});
/** A page as registries give it, now and then with another one behind it. */
const page: fc.Arbitrary<Answer> = fc
  .tuple(fc.array(tag, { maxLength: 4 }), fc.option(link, { nil: undefined, freq: 3 }))
  .map(([tags, next]) => ({
    status: 200,
    headers: next === undefined ? {} : { link: next },
    body: JSON.stringify({ token: TOKEN, tags }),
  }));
const tokenFirst = fc
  .tuple(fc.array(fc.oneof({ weight: 2, arbitrary: page }, answer), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([answers, polite]) => (polite ? [{ status: 200, headers: {}, body: JSON.stringify({ token: TOKEN }) }, ...answers] : answers));

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

const source = fc.oneof(
  fc.constantFrom(
    'ghcr.io',
    'ghcr.io/',
    '/',
    'a b/c',
    'ghcr.io:99999/x',
    '[::1',
    '%zz/x',
    'user:pw@evil.test/x',
    'ghcr.io/../x',
    'ghcr.io#/x',
    '\u0000/x',
    '--help/x',
    'ghcr.io/a?b',
  ),
  anyWord,
);

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

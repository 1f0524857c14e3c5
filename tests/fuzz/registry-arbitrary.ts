import fc from 'fast-check';
import { anyWord } from './fuzz.ts';

export const HOST = 'ghcr.io';
export const TOKEN = 'the-token-of-ghcr';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** No answer at all. */
  readonly error?: string | undefined;
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

/** All that a registry answers to one listing; half of them begin with a token. */
export const tokenFirst = fc
  .tuple(fc.array(fc.oneof({ weight: 2, arbitrary: page }, answer), { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([answers, polite]) => (polite ? [{ status: 200, headers: {}, body: JSON.stringify({ token: TOKEN }) }, ...answers] : answers));

/** Where images come from, as a user may write it. */
export const source = fc.oneof(
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

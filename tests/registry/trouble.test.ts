import { expect, test } from 'bun:test';
import { waitUntil } from '../sandbox/wait.ts';
import { type Client, client, errorCode, leave, nextOf, tagsOf, tagsPath } from './client.ts';
import type { Behaviour, LinkForm, RegistryOptions } from './servers/types.ts';
import { startWorld, type World } from './world.ts';

const NAME = 'a/ubuntu';
const TAGS = ['24.04', '22.04', '26.04'];

interface Scene extends AsyncDisposable, Client {
  readonly world: World;
  list(signal?: AbortSignal): ReturnType<Client['get']>;
}

async function scene(behaviours: readonly Behaviour[], options: RegistryOptions = {}): Promise<Scene> {
  const world = await startWorld({
    kind: 'double',
    catalogue: { [NAME]: TAGS, 'b/ubuntu': TAGS },
    behaviours: { [NAME]: behaviours },
    ...options,
  });
  const plain = await client(world);
  const list: Scene['list'] = async (signal) => plain.get(tagsPath(NAME), await plain.token(NAME), signal);
  return { ...plain, world, list, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() };
}

test('a status, some times, with the seconds to wait', async () => {
  await using it = await scene([{ kind: 'status', status: 429, retryAfter: 2, times: 2 }]);
  const replies = [await it.list(), await it.list(), await it.list()];
  expect(replies.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
    [429, '2'],
    [429, '2'],
    [200, null],
  ]);
  expect(replies.slice(0, 1).map(errorCode)).toEqual(['TOOMANYREQUESTS']);
});

test('a date to wait for is never early', async () => {
  await using it = await scene([{ kind: 'status', status: 503, retryAfter: { dateInSeconds: 5 } }]);
  const asked = Date.now();
  const date = Date.parse((await it.list()).headers.get('retry-after') ?? '');
  expect(date).toBeGreaterThanOrEqual(asked + 5_000);
  // A date has whole seconds, and is rounded up.
  expect(date).toBeLessThan(Date.now() + 6_000);
});

test('trouble at the token leaves the list alone, and other repositories', async () => {
  await using it = await scene([{ kind: 'status', status: 500, on: 'token' }]);
  expect([(await it.askToken(NAME)).status, (await it.askToken('b/ubuntu')).status]).toEqual([500, 200]);
});

test('a redirect leads to the usual answer', async () => {
  await using it = await scene([{ kind: 'redirect', status: 307 }]);
  const bearer = await it.token(NAME);
  const first = await it.get(`${tagsPath(NAME)}?n=2`, bearer);
  const place = first.headers.get('location') ?? '';
  expect([first.status, place]).toEqual([307, `/moved${tagsPath(NAME)}?n=2`]);
  expect(tagsOf(await it.get(place, bearer))).toEqual(['24.04', '22.04']);
});

test.each(['html', 'empty', 'half'] as const)('a body that is %s is no JSON', async (body) => {
  await using it = await scene([{ kind: 'body', body }]);
  const { status, text } = await it.list();
  expect(status).toBe(200);
  expect(() => JSON.parse(text)).toThrow();
});

test('bodies without a list', async () => {
  for (const body of ['tags-null', 'tags-missing', 'tags-string', 'null', 'array'] as const) {
    await using it = await scene([{ kind: 'body', body }]);
    expect(tagsOf(await it.list())).toBeNull();
  }
});

test('a connection that is reset in the middle of the body', async () => {
  await using it = await scene([{ kind: 'cut', times: 1 }]);
  await expect(it.list()).rejects.toThrow('closed unexpectedly');
  expect((await it.list()).status).toBe(200);
});

test.each(['silent', 'stall'] as const)('%s: no end of it until the client leaves', async (kind) => {
  await using it = await scene([{ kind }]);
  const asked = () => it.world.requests().find(({ path }) => path === tagsPath(NAME));
  expect(await leave(it.list, () => asked() !== undefined)).toContain('the client leaves');
  const status = kind === 'silent' ? undefined : 200;
  await waitUntil(`its status to be ${status}`, () => asked()?.status === status);
});

test('requests that are under way at the same time are counted', async () => {
  const sixth = Promise.withResolvers<void>();
  let asked = 0;
  const hold = () => {
    asked += 1;
    if (asked === 6) sixth.resolve();
    return sixth.promise;
  };
  await using it = await scene([], { hold });
  await Promise.all(Array.from({ length: 6 }, () => it.askToken(NAME)));
  expect(it.world.maxAtOnce()).toBe(6);
});

test.each(['relative', 'absolute', 'query', 'crowded'] satisfies LinkForm[])('a link in the form %s', async (linkForm) => {
  await using it = await scene([], { pageSize: 2, linkForm });
  expect(await it.pages(NAME)).toEqual([['24.04', '22.04'], ['26.04']]);
});

test('links that lead astray', async () => {
  const links: readonly [Behaviour & { kind: 'link' }, string][] = [
    [{ kind: 'link', to: 'itself' }, tagsPath(NAME)],
    [{ kind: 'link', to: 'endless' }, `${tagsPath(NAME)}?last=0.1&n=0`],
    [{ kind: 'link', to: 'elsewhere' }, `https://elsewhere.test${tagsPath(NAME)}?n=0&last=zzz`],
    [{ kind: 'link', to: { address: 'http://[' } }, 'http://['],
  ];
  for (const [behaviour, target] of links) {
    await using it = await scene([behaviour]);
    expect(nextOf(await it.list())?.replace('n=0&last=0.1', 'last=0.1&n=0')).toBe(target);
  }
});

test('who follows a link to another host is seen there, with what it brought', async () => {
  await using it = await scene([]);
  await it.get(`https://elsewhere.test${tagsPath(NAME)}`, 'secret');
  const [seen] = it.world.requests();
  expect([seen?.host, seen?.authorization, it.world.proxyHosts()]).toEqual(['elsewhere.test', 'Bearer secret', ['elsewhere.test:443']]);
});

test('a repository that is not there, in the three ways of ghcr.io', async () => {
  for (const [unknown, statuses] of [
    ['token-403', [403, 401]],
    ['token-401', [401, 401]],
    ['tags-404', [200, 404]],
  ] as const) {
    await using it = await scene([], { unknown });
    const first = await it.askToken('no/such');
    const second = await it.get(tagsPath('no/such'), await it.token('no/such'));
    expect([first.status, second.status]).toEqual([...statuses]);
  }
});

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOGUE, QUESTIONS } from './agreement.ts';
import { type Client, client, tagsPath } from './client.ts';
import { whyUnsupported } from './packages.ts';
import { startWorld, type World } from './world.ts';

/** A busy machine takes seconds to push some hundreds of manifests. */
const LIMIT_MS = 300_000;
setDefaultTimeout(LIMIT_MS);

const reason = whyUnsupported();

describe.skipIf(reason !== undefined)(`the double agrees with docker-registry${reason === undefined ? '' : ` (${reason})`}`, () => {
  for (const unknown of ['token-403', 'tags-404'] as const) {
    describe(`where an unknown repository shows at ${unknown}`, () => {
      const worlds: World[] = [];
      let double: Client;
      let real: Client;
      beforeAll(async () => {
        for (const kind of ['double', 'real'] as const) worlds.push(await startWorld({ kind, catalogue: CATALOGUE, unknown }));
        const [one, other] = await Promise.all(worlds.map(client));
        if (one === undefined || other === undefined) throw new Error('two worlds were started');
        double = one;
        real = other;
      });
      afterAll(async () => {
        for (const world of worlds) await world[Symbol.asyncDispose]();
      });
      for (const { name, ask } of QUESTIONS) {
        test(name, async () => {
          expect(await ask(double)).toEqual(await ask(real));
        });
      }
      test('the real one has its tags from the registry, and pages of a hundred', async () => {
        const pages = await real.pages('someone/ubuntu');
        expect(pages.map((page) => page?.length)).toEqual([100, 100, 50]);
        expect(pages.flat().toSorted()).toEqual([...(CATALOGUE['someone/ubuntu'] ?? [])].toSorted());
      });
    });
  }

  test('troubles befall the real one, too', async () => {
    const behaviours = { 'a/ubuntu': [{ kind: 'status', status: 503, retryAfter: 1, times: 1 }] } as const;
    await using world = await startWorld({ kind: 'real', catalogue: { 'a/ubuntu': ['24.04'] }, behaviours });
    const { get, token } = await client(world);
    const bearer = await token('a/ubuntu');
    const statuses = [await get(tagsPath('a/ubuntu'), bearer), await get(tagsPath('a/ubuntu'), bearer)].map(({ status }) => status);
    expect(statuses).toEqual([503, 200]);
    expect(world.requests().map(({ path, tokenFor }) => [path, tokenFor])).toEqual([
      ['/token', undefined],
      [tagsPath('a/ubuntu'), 'a/ubuntu'],
      [tagsPath('a/ubuntu'), 'a/ubuntu'],
    ]);
  });

  describe('nothing is left', () => {
    let own: string;
    const before = process.env['TMPDIR'];
    beforeAll(async () => {
      own = await mkdtemp(join(tmpdir(), 'rusta-registry-test-'));
      process.env['TMPDIR'] = own;
    });
    afterAll(async () => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
      await rm(own, { recursive: true, force: true });
    });

    test('when a world ends', async () => {
      const world = await startWorld({ kind: 'real', catalogue: {} });
      expect(await readdir(own)).toHaveLength(2);
      await world[Symbol.asyncDispose]();
      expect(await readdir(own)).toEqual([]);
    });

    test('when the registry cannot be filled', async () => {
      const start = startWorld({ kind: 'real', catalogue: { 'a/ubuntu': ['not a tag'] } });
      await expect(start).rejects.toThrow('not a tag: 404');
      expect(await readdir(own)).toEqual([]);
    });
  });
});

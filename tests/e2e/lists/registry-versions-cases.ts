import { describe, expect, test } from 'bun:test';
import { type Cases, MANY, sources } from './registry-world.ts';

export function versionsCases({ kind, ask }: Cases): void {
  describe('versions', () => {
    test('one source and one image: plain lines, the default flagged (spec 10, item 3)', async () => {
      expect(await ask(['versions', '--image', 'ubuntu'])).toMatchObject({ code: 0, stdout: '9.10\n22.04\n24.04 (default)\n', stderr: '' });
    });

    test('the built-in matrix of one source and two images (spec 10, item 3)', async () => {
      const { code, stdout, requests } = await ask(['versions']);
      expect(code).toBe(0);
      expect(stdout).toBe(
        '9.10              ubuntu: cirruslabs\n22.04             ubuntu: cirruslabs\n24.04 (default)   ubuntu: cirruslabs; ubuntu-desktop: cirruslabs\n',
      );
      // Each repository's token is asked for once.
      expect(requests.filter(({ path }) => path === '/token')).toHaveLength(2);
    });

    test('several sources are told apart, and one can be picked by prefix or label', async () => {
      const state = sources('cirruslabs', 'pallewela');
      expect((await ask(['versions', '--image', 'ubuntu'], { state })).stdout).toBe(
        '9.10              cirruslabs\n22.04             cirruslabs\n24.04 (default)   cirruslabs, pallewela  (create uses cirruslabs)\n25.10             pallewela\n',
      );
      for (const source of ['pallewela', 'ghcr.io/pallewela']) {
        expect((await ask(['versions', '--image', 'ubuntu', '--source', source], { state })).stdout).toBe('24.04 (default)\n25.10\n');
      }
      expect(await ask(['versions', '--source', 'palewela'], { state })).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining("Did you mean 'pallewela'?"),
      });
    });

    test.each(['relative', 'absolute', 'query', 'crowded'] as const)('pages are followed to the end (%s links)', async (linkForm) => {
      const { stdout, code } = await ask(['versions', '--image', 'ubuntu'], { state: sources('many'), linkForm, pageSize: 50 });
      expect(code).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(MANY.length);
    });

    test.skipIf(kind === 'real')('a huge list is read to the end', async () => {
      const tags = Array.from({ length: 20_000 }, (_, index) => `build-${index}`);
      const catalogue = { 'cirruslabs/ubuntu': [...tags, '24.04'] };
      const result = await ask(['versions', '--image', 'ubuntu'], { catalogue, env: { RUSTA_REGISTRY_TIMEOUT: '120' } });
      expect(result).toMatchObject({ code: 0, stdout: '24.04 (default)\n', stderr: '' });
      expect(result.requests.length).toBeGreaterThan(200);
    });

    test.each(['token-403', 'token-401', 'tags-404'] as const)(
      'a source without the image is a silent empty cell (%s)',
      async (unknown) => {
        expect(await ask(['versions', '--image', 'ubuntu'], { state: sources('nobody', 'pallewela'), unknown })).toMatchObject({
          code: 0,
          stdout: '24.04 (default)   pallewela\n25.10             pallewela\n',
          stderr: '',
        });
      },
    );

    test('nothing found at all ends with 1', async () => {
      expect(await ask(['versions', '--image', 'nothing'])).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('no versions found in ghcr.io/cirruslabs/nothing'),
      });
      expect(await ask(['versions', '--image', 'empty'], { state: sources('many') })).toMatchObject({ code: 1 });
    });
  });

  test('forty cells are asked together, within a bound', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `s${index}`);
    const images = ['a', 'b', 'c', 'd'];
    const catalogue = Object.fromEntries(names.flatMap((name) => images.map((image) => [`${name}/${image}`, ['24.04']])));
    const state = `images = ${JSON.stringify(images)}\n${sources(...names)}`;
    const { code, stdout, maxAtOnce, requests } = await ask(['versions'], { catalogue, state });
    expect(code).toBe(0);
    expect(stdout).toContain('a: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9  (create uses s0)');
    expect(requests.filter(({ path }) => path === '/token')).toHaveLength(40);
    expect(maxAtOnce).toBeLessThanOrEqual(20);
  });
}

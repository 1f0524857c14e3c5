import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startWorld, type WorldOptions } from '../../registry/world.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { commands, readState, writeState } from '../state.ts';

const MANY = Array.from({ length: 240 }, (_, index) => `${index % 24}.${String(index).padStart(3, '0')}`);

const CATALOGUE = {
  'cirruslabs/ubuntu': ['24.04', 'latest', '22.04', '22.04-beta', '9.10'],
  'cirruslabs/ubuntu-desktop': ['24.04'],
  'pallewela/ubuntu': ['25.10', '24.04'],
  'many/ubuntu': MANY,
  'many/empty': [],
};

/** For registries that are silent, when others have answered even on a busy machine. */
const BOUND_S = '5';

const sources = (...names: string[]) => names.map((name) => `[[sources]]\nregistry = "ghcr.io/${name}"\n`).join('\n');

/** What the product must make of a registry, told of the in-process double and of a real one alike. */
export function registryCases(kind: WorldOptions['kind']): void {
  let mac: Mac;
  beforeAll(async () => {
    mac = await createMac();
  }, 60_000);
  afterAll(() => mac[Symbol.asyncDispose]());

  /** Runs rusta before a registry of its own. */
  async function ask(
    args: readonly string[],
    options: Partial<WorldOptions> & { readonly state?: string; readonly env?: Record<string, string> } = {},
  ) {
    const { state, env, ...world } = options;
    writeState(mac, state ?? '');
    await using registry = await startWorld({ kind, catalogue: CATALOGUE, ...world });
    const result = await mac.rusta(args, { env: { ...registry.env, ...env } });
    return {
      ...result,
      requests: registry.requests(),
      maxAtOnce: registry.maxAtOnce(),
      hosts: registry.proxyHosts(),
    };
  }

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
      const result = await ask(['versions', '--image', 'ubuntu'], { catalogue: { 'cirruslabs/ubuntu': [...tags, '24.04'] } });
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

  describe('what goes wrong in one cell is named and does not hurt the others', () => {
    const state = sources('cirruslabs', 'pallewela');
    const rest = '24.04 (default)   pallewela\n25.10             pallewela\n';
    const cases: [name: string, behaviour: NonNullable<WorldOptions['behaviours']>[string][number], reason: string][] = [
      ['HTTP 500', { kind: 'status', status: 500 }, 'HTTP 500'],
      ['a token that is none', { kind: 'body', body: 'no-token', on: 'token' }, 'no token: the answer has another shape'],
      ['HTML instead of JSON', { kind: 'body', body: 'html' }, 'no list of tags: the answer is not JSON'],
      ['half a JSON', { kind: 'body', body: 'half' }, 'the answer is not JSON'],
      ['another shape', { kind: 'body', body: 'array' }, 'the answer has another shape'],
      ['tags that are no list', { kind: 'body', body: 'tags-string' }, 'the answer has another shape'],
      ['a list that goes on at another host', { kind: 'link', to: 'elsewhere' }, 'goes on at another host'],
      ['a list that names itself', { kind: 'link', to: 'itself' }, 'does not end'],
      ['a cut body', { kind: 'cut' }, 'connection closed (ECONNRESET)'],
    ];
    test.each(cases)('%s', async (_, behaviour, reason) => {
      const result = await ask(['versions', '--image', 'ubuntu'], { state, behaviours: { 'cirruslabs/ubuntu': [behaviour] } });
      expect(result).toMatchObject({ code: 0, stdout: rest });
      expect(result.stderr).toStartWith('[warn] skipping ghcr.io/cirruslabs/ubuntu, it cannot be reached: ');
      expect(result.stderr).toContain(reason);
      expect(result.requests.some(({ host, authorization }) => host.startsWith('elsewhere') && authorization !== undefined)).toBe(false);
    });

    test.each(['silent', 'stall'] as const)('one that never answers (%s) is named after the bound', async (trouble) => {
      const result = await ask(['versions', '--image', 'ubuntu'], {
        state,
        behaviours: { 'cirruslabs/ubuntu': [{ kind: trouble }] },
        env: { RUSTA_REGISTRY_TIMEOUT: BOUND_S },
      });
      expect(result).toMatchObject({ code: 0, stdout: rest });
      expect(result.stderr).toContain('skipping ghcr.io/cirruslabs/ubuntu, it cannot be reached: no answer in time');
    });

    test('null is an empty list', async () => {
      const result = await ask(['versions', '--image', 'ubuntu'], {
        state,
        behaviours: { 'cirruslabs/ubuntu': [{ kind: 'body', body: 'tags-null' }] },
      });
      expect(result).toMatchObject({ code: 0, stdout: rest, stderr: '' });
    });
  });

  describe('what a registry asks for is done', () => {
    test.each([429, 503])('%p is tried again when it says', async (status) => {
      for (const retryAfter of [1, { dateInSeconds: 1 }]) {
        const result = await ask(['versions', '--image', 'ubuntu'], {
          behaviours: { 'cirruslabs/ubuntu': [{ kind: 'status', status, retryAfter, times: 1 }] },
        });
        expect(result).toMatchObject({ code: 0, stderr: '' });
        const [first, second] = result.requests.filter(({ path }) => path.endsWith('/tags/list'));
        expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(900 - (typeof retryAfter === 'number' ? 0 : 900));
      }
    });

    test('a pause beyond the bound is not waited for', async () => {
      const result = await ask(['versions', '--image', 'ubuntu'], {
        behaviours: { 'cirruslabs/ubuntu': [{ kind: 'status', status: 429, retryAfter: 3_600 }] },
        env: { RUSTA_REGISTRY_TIMEOUT: '3000' },
      });
      expect(result.code).toBe(1);
      expect(result.stderr).toContain('it cannot be reached: it has had too many requests from here (HTTP 429)\n');
      expect(result.stderr).toEndWith('\nWait some minutes, then try again.\n');
    });

    test.each([301, 307] as const)('a redirect (%p) is followed', async (status) => {
      expect(
        await ask(['versions', '--image', 'ubuntu'], { behaviours: { 'cirruslabs/ubuntu': [{ kind: 'redirect', status }] } }),
      ).toMatchObject({
        code: 0,
        stdout: '9.10\n22.04\n24.04 (default)\n',
      });
    });
  });

  describe('the way there', () => {
    test.each([
      ['an untrusted certificate', { certificate: 'untrusted' }, 'TLS certificate not accepted'],
      ['the certificate of another host', { certificate: 'other-host' }, 'TLS certificate not accepted'],
      ['a proxy that refuses', { proxy: { refuse: 403 } }, 'the proxy refused the connection (HTTP 403)'],
    ] as const)('%s: no source can be reached', async (_, world, reason) => {
      const result = await ask(['versions', '--image', 'ubuntu'], world);
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toContain(reason);
      expect(result.stderr).toContain('[error] no source can be reached');
    });

    test('a proxy that is not there: connection refused', async () => {
      const result = await ask(['versions', '--image', 'ubuntu'], { env: { HTTPS_PROXY: 'http://127.0.0.1:1' } });
      expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('connection refused') });
    });

    test.each(['versions', 'create lab'])('%s: a proxy that wants a login is told so', async (line) => {
      const state = sources('pallewela', 'cirruslabs');
      const { code, stderr } = await ask(line.split(' '), { state, proxy: { refuse: 407 } });
      expect(code).toBe(1);
      expect(stderr).toContain('it cannot be reached: the proxy wants a login (HTTP 407)\n');
      expect(stderr).toEndWith('\nPut one that it takes into HTTPS_PROXY: http://<user>:<password>@<host>:<port>\n');
    });

    test.each(['socks5://127.0.0.1:1', 'socks5h://u:p@127.0.0.1:1', 'ftp://127.0.0.1'])(
      '%s is not a proxy for registries',
      async (proxy) => {
        const { code, stderr } = await ask(['versions', '--image', 'ubuntu'], { env: { HTTPS_PROXY: proxy } });
        expect(code).toBe(1);
        expect(stderr).toContain(
          'it cannot be reached: HTTPS_PROXY names a proxy that is neither http nor https (UnsupportedProxyProtocol)\n',
        );
        expect(stderr).toEndWith(
          '\nRegistries are not asked through SOCKS: name an http:// proxy, or unset HTTPS_PROXY for this command.\n',
        );
        expect(stderr).not.toContain('u:p');
      },
    );

    test('only ghcr.io is asked', async () => {
      expect(new Set((await ask(['versions'])).hosts)).toEqual(new Set(['ghcr.io:443']));
    });
  });

  describe('create', () => {
    const clones = () => commands(mac, 'tart').filter((line) => line.startsWith('clone'));
    const both = sources('pallewela', 'cirruslabs');
    const made = async (args: string[], options: Parameters<typeof ask>[1] = {}) => {
      const before = clones().length;
      const result = await ask(['create', 'lab', ...args], options);
      const cloned = clones().slice(before);
      if (mac.vm('lab').exists) await mac.rusta(['delete', 'lab', '-y']);
      return { ...result, cloned };
    };

    test('with one source asks nobody', async () => {
      const result = await made([]);
      expect(result).toMatchObject({ code: 0, cloned: ['clone ghcr.io/cirruslabs/ubuntu:24.04 lab'] });
      expect(result.hosts).toEqual([]);
    });

    test('takes the first source in priority that has the version', async () => {
      expect(await made([], { state: both })).toMatchObject({ cloned: ['clone ghcr.io/pallewela/ubuntu:24.04 lab'] });
      expect(await made(['--version', '22.04'], { state: both })).toMatchObject({
        code: 0,
        cloned: ['clone ghcr.io/cirruslabs/ubuntu:22.04 lab'],
      });
    });

    test('does not wait for answers that no longer matter', async () => {
      const behaviours = { 'cirruslabs/ubuntu': [{ kind: 'silent' }] } as const;
      const result = await made([], { state: both, behaviours, env: { RUSTA_REGISTRY_TIMEOUT: '3000' } });
      expect(result).toMatchObject({ cloned: ['clone ghcr.io/pallewela/ubuntu:24.04 lab'] });
    });

    test('skips a source that cannot be reached, with a warning', async () => {
      const result = await made([], { state: both, behaviours: { 'pallewela/ubuntu': [{ kind: 'status', status: 500 }] } });
      expect(result).toMatchObject({ code: 0, cloned: ['clone ghcr.io/cirruslabs/ubuntu:24.04 lab'] });
      expect(result.stderr).toContain('[warn] skipping source ghcr.io/pallewela, it cannot be reached: HTTP 500');
    });

    test('a version that nobody has creates nothing and names the nearest', async () => {
      const result = await made(['--version', '23.04'], { state: both });
      expect(result).toMatchObject({ code: 1, cloned: [] });
      expect(result.stderr).toContain(
        '[error] ubuntu:23.04 was not found in any source; nothing was created\nNearest: 22.04, 24.04, 25.10.',
      );
      expect(readState(mac)).toBe(both);
    });

    test('when no source answers it says so', async () => {
      const result = await made([], { state: both, proxy: { refuse: 502 } });
      expect(result).toMatchObject({ code: 1, cloned: [] });
      expect(result.stderr).toContain('[error] ubuntu:24.04 was not found in any source: none can be reached; nothing was created');
    });

    test('--source pins one, without a query; --image names another image', async () => {
      const pinned = await made(['--source', 'cirruslabs', '--image', 'ubuntu-desktop'], { state: both });
      expect(pinned.cloned).toEqual(['clone ghcr.io/cirruslabs/ubuntu-desktop:24.04 lab']);
      expect(pinned.hosts).toEqual([]);
    });

    test('the first configured image is the default', async () => {
      mac.addImage('ghcr.io/cirruslabs/mine:24.04');
      expect(await made([], { state: 'images = ["mine", "ubuntu"]\n' })).toMatchObject({
        cloned: ['clone ghcr.io/cirruslabs/mine:24.04 lab'],
      });
    });

    test('an unknown --source creates nothing', async () => {
      expect(await made(['--source', 'nobody'])).toMatchObject({
        code: 1,
        cloned: [],
        stderr: expect.stringContaining("source 'nobody' is not configured"),
      });
    });

    test.each([
      ['--source', 'cirruslabs'],
      ['--image', 'ubuntu'],
    ])('--image-ref and %s exclude each other', async (flag, value) => {
      const result = await made(['--image-ref', 'ghcr.io/a/b:c', flag, value]);
      expect(result).toMatchObject({ code: 1, cloned: [] });
      expect(result.stderr).toContain(`'--image-ref' and '${flag}' exclude each other`);
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

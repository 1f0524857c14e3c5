/** Registries that answer wrongly, late or not at all, and the way to them. */
import { describe, expect, test } from 'bun:test';
import type { WorldOptions } from '../../registry/world.ts';
import { type Cases, sources } from './registry-world.ts';

/** For registries that are silent, when others have answered even on a busy machine. */
const BOUND_S = '5';

export function troubleCases({ ask }: Cases): void {
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
}

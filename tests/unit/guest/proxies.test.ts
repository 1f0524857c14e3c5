import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { proxyConstants, proxySettings } from '../../../src/guest/proxies.ts';

const MAC = 'the-mac.invalid';
const of = (env: Record<string, string>) => proxyConstants(env).MAC_PROXIES;

describe('the proxies of the Mac, as a guest is told of them', () => {
  test.each([
    ['http://proxy.corp:3128', ['proxy.corp', '3128', 'http://proxy.corp:3128']],
    ['http://proxy.corp', ['proxy.corp', '80', 'http://proxy.corp:80']],
    ['proxy.corp:3128', ['proxy.corp', '3128', 'http://proxy.corp:3128']],
    ['https://proxy.corp/', ['proxy.corp', '443', 'https://proxy.corp:443']],
    ['http://me:se%40cret@proxy.corp:8080/', ['proxy.corp', '8080', 'http://me:se%40cret@proxy.corp:8080']],
    ['http://127.0.0.1:7890', [MAC, '7890', `http://${MAC}:7890`]],
    ['http://localhost:7890', [MAC, '7890', `http://${MAC}:7890`]],
    ['http://me:x@[::1]:7890', [MAC, '7890', `http://me:x@${MAC}:7890`]],
    ['socks5h://127.1.2.3', [MAC, '1080', `socks5h://${MAC}:1080`]],
    ['http://[fd00::1]:3128', ['fd00::1', '3128', 'http://[fd00::1]:3128']],
  ])('%s', (value, told) => {
    expect(of({ https_proxy: value })).toEqual(['https_proxy', 'HTTPS_PROXY', ...told]);
  });

  test.each(['', 'http://', 'ftp://proxy.corp', 'http://proxy.corp:99999', 'not a proxy'])('%p is none', (value) => {
    expect(of({ http_proxy: value })).toEqual([]);
  });

  test('both spellings are read, the lower case first, also where it says that there is none', () => {
    expect(of({ HTTP_PROXY: 'http://a', HTTPS_PROXY: 'http://b', https_proxy: 'http://c' })).toEqual([
      ...['http_proxy', 'HTTP_PROXY', 'a', '80', 'http://a:80'],
      ...['https_proxy', 'HTTPS_PROXY', 'c', '80', 'http://c:80'],
    ]);
    expect(of({ HTTPS_PROXY: 'http://b', https_proxy: '' })).toEqual([]);
    expect(proxyConstants({ NO_PROXY: '.corp' }).MAC_NO_PROXY).toBe('.corp');
  });

  test('without a proxy nothing is said', () => {
    expect(proxySettings({ no_proxy: 'localhost' })).toBeUndefined();
  });
});

describe('in the guest', () => {
  const part = readFileSync(join(import.meta.dir, '../../../src/guest/scripts/frame/proxies.sh'), 'utf8');
  /** Runs the part as the guest does, with `ip` and `timeout`, which a Mac has not, as the guest's, and returns what it printed and what is exported then. */
  const run = (env: Record<string, string>) => {
    const route = `ip() { echo 'default via 127.0.0.1 dev enp0s1 proto dhcp'; echo '192.168.64.0/24 dev enp0s1'; }`;
    const timeout = 'timeout() { shift; "$@"; }';
    const script = `set -eu\n${route}\n${timeout}\n${proxySettings(env)}${part}\nenv | grep -i _proxy= | sort`;
    const { stdout, stderr } = spawnSync('bash', ['-s'], { input: script, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '' } });
    expect(stderr).toBe('');
    return stdout.trimEnd().split('\n');
  };

  test('a proxy on the Mac itself is reached by the way out, in both spellings', () => {
    const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } });
    const { port } = server;
    expect(run({ HTTPS_PROXY: `http://me:secret@localhost:${port}`, NO_PROXY: '.corp,10.0.0.0/8' })).toEqual([
      `HTTPS_PROXY=http://me:secret@127.0.0.1:${port}`,
      'NO_PROXY=.corp,10.0.0.0/8',
      `https_proxy=http://me:secret@127.0.0.1:${port}`,
      'no_proxy=.corp,10.0.0.0/8',
    ]);
    server.stop(true);
  });

  test('one that does not answer is left out, with a warning that holds no password', () => {
    const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } });
    const { port } = server;
    server.stop(true);
    const env = { http_proxy: `http://me:secret@127.0.0.1:${port}`, https_proxy: `http://me:secret@127.0.0.2:${port}`, no_proxy: 'x' };
    const lines = run(env);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toStartWith(`>>> Warning: the proxy of this Mac at port ${port} (http`);
    expect(lines.join('\n')).not.toContain('secret');
  });
});

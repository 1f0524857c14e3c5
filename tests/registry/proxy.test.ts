import { expect, test } from 'bun:test';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { client, leave, tagsPath } from './client.ts';
import { testCa } from './servers/ca.ts';
import { startProxy } from './servers/proxy.ts';
import { startWorld } from './world.ts';

const catalogue = { 'a/ubuntu': ['24.04'], 'a/big': Array.from({ length: 20_000 }, (_, index) => `1.${index}`) };

const codeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'answered',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

test('a program with the environment of a world takes our server for ghcr.io', async () => {
  await using world = await startWorld({ kind: 'double', catalogue });
  const program = "const r = await fetch('https://ghcr.io/token?service=ghcr.io&scope=repository:a/ubuntu:pull'); console.log(r.status)";
  const child = Bun.spawn([process.execPath, '-e', program], { env: { ...world.env }, stdout: 'pipe', stderr: 'inherit' });
  expect(await child.stdout.text()).toBe('200\n');
  expect(world.proxyHosts()).toEqual(['ghcr.io:443']);
});

test('other hosts are refused, and remembered', async () => {
  await using world = await startWorld({ kind: 'double', catalogue });
  const { get } = await client(world);
  expect(await codeOf(get('https://example.test/'))).toBe('ERR_PROXY_TUNNEL');
  expect(world.proxyHosts()).toEqual(['example.test:443']);
  expect([world.tunnels(), world.requests()]).toEqual([0, []]);
});

test('a long answer comes through whole, over one tunnel', async () => {
  await using world = await startWorld({ kind: 'double', catalogue, pageSize: 50_000 });
  const { pages } = await client(world);
  expect((await pages('a/big')).map((page) => page?.length)).toEqual([20_000]);
  expect(world.tunnels()).toBe(1);
});

test('the ways of a proxy to fail', async () => {
  const ways = [
    ['drop', 'ECONNRESET'],
    [{ refuse: 502 }, 'ERR_PROXY_TUNNEL'],
    [{ cutAfterBytes: 100 }, 'ECONNRESET'],
  ] as const;
  for (const [proxy, code] of ways) {
    await using world = await startWorld({ kind: 'double', catalogue, proxy });
    const { askToken } = await client(world);
    expect(await codeOf(askToken('a/ubuntu'))).toBe(code);
  }
});

test('a tunnel that is cut in the middle of an answer', async () => {
  await using world = await startWorld({ kind: 'double', catalogue, pageSize: 50_000, proxy: { cutAfterBytes: 50_000 } });
  const { get, token } = await client(world);
  expect(await codeOf(get(tagsPath('a/big'), await token('a/big')))).toBe('ECONNRESET');
  expect(world.requests().map(({ status }) => status)).toEqual([200, 200]);
});

test('a proxy that hangs can be left', async () => {
  await using world = await startWorld({ kind: 'double', catalogue, proxy: 'hang' });
  const { get } = await client(world);
  const ask = (signal: AbortSignal) => get('/token', undefined, signal);
  expect(await leave(ask, () => world.proxyHosts().length > 0)).toContain('the client leaves');
  expect(world.proxyHosts()).toEqual(['ghcr.io:443']);
});

test('what is no CONNECT gets 400', async () => {
  await using proxy = await startProxy({});
  const { port } = new URL(proxy.url);
  const socket = connect({ host: '127.0.0.1', port: Number(port) }, () => socket.write('GET / HTTP/1.1\r\nHost: ghcr.io\r\n\r\n'));
  expect(await text(socket)).toStartWith('HTTP/1.1 400 ');
});

test('certificates that are not for ghcr.io are told apart', async () => {
  const codes = [
    ['untrusted', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['other-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const;
  for (const [certificate, code] of codes) {
    await using world = await startWorld({ kind: 'double', catalogue, certificate });
    const { askToken } = await client(world);
    expect(await codeOf(askToken('a/ubuntu'))).toBe(code);
  }
});

test('the authority is made once', async () => {
  expect(await testCa()).toBe(await testCa());
});

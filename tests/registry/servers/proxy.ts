/**
 * The CONNECT proxy that stands between the product and the world: it leads the hosts of a table to servers on
 * loopback, refuses all others with 403, and remembers who was asked for. It is how a test's server becomes `https://ghcr.io`.
 */
import { connect, createServer, type Socket } from 'node:net';
import { finished } from 'node:stream';

export type Route =
  /** To this port on loopback. */
  | { readonly kind: 'to'; readonly port: number }
  /** To this port; the tunnel breaks off as soon as that many bytes (TLS included) have come back through it. */
  | { readonly kind: 'cut'; readonly port: number; readonly afterBytes: number }
  /** CONNECT is never answered. */
  | { readonly kind: 'hang' }
  /** The proxy's own answer when it cannot reach the host, e.g. 502, or 407. */
  | { readonly kind: 'refuse'; readonly status: number }
  /** The connection ends without an answer. */
  | { readonly kind: 'drop' };

export interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** `host:port` of every CONNECT, in order, the refused ones too. */
  hosts(): readonly string[];
  /** How many tunnels were opened: fewer than requests when the client keeps its connections. */
  tunnels(): number;
  /** From now on this host goes there. */
  route(host: string, route: Route): void;
}

const HEAD_END = '\r\n\r\n';
const HEAD_LIMIT = 16_384;

/** Resolves with the request line once the whole head has come; what follows the head belongs to the tunnel. */
function readHead(client: Socket): Promise<{ line: string; rest: Buffer } | undefined> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf(HEAD_END);
      if (end < 0 && seen.length < HEAD_LIMIT) return;
      client.off('data', onData);
      client.pause();
      const [line = ''] = seen.subarray(0, end).toString('latin1').split('\r\n');
      resolve(end < 0 ? undefined : { line, rest: seen.subarray(end + HEAD_END.length) });
    };
    client.on('data', onData);
    client.once('close', () => resolve(undefined));
  });
}

function refuse(client: Socket, status: number): void {
  client.end(`HTTP/1.1 ${status} refused by the test proxy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
}

function join(client: Socket, upstream: Socket, rest: Buffer, cutAfter: number): void {
  client.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (rest.length > 0) upstream.write(rest);
  let back = 0;
  upstream.on('data', (chunk: Buffer) => {
    const room = Math.max(0, cutAfter - back);
    back += chunk.length;
    if (back < cutAfter) return void client.write(chunk);
    // What fits goes out first: a client that is cut off mid-body must have seen the first half.
    client.write(chunk.subarray(0, room), () => {
      client.destroy();
      upstream.destroy();
    });
  });
  upstream.on('end', () => client.end());
  client.pipe(upstream);
  client.resume();
}

export async function startProxy(routes: Readonly<Record<string, Route>>): Promise<Proxy> {
  const table = new Map(Object.entries(routes));
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  let opened = 0;

  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    // A reset by either side is a thing under test, not a fault of the proxy.
    socket.on('error', () => socket.destroy());
    finished(socket, () => sockets.delete(socket));
    return socket;
  };

  const serve = async (client: Socket): Promise<void> => {
    const head = await readHead(client);
    const host = /^CONNECT (\S+) HTTP\/1\.[01]$/.exec(head?.line ?? '')?.[1];
    if (head === undefined || host === undefined) return refuse(client, 400);
    asked.push(host);
    const route = table.get(host);
    if (route === undefined) return refuse(client, 403);
    if (route.kind === 'hang') return void client.resume();
    if (route.kind === 'drop') return void client.destroy();
    if (route.kind === 'refuse') return refuse(client, route.status);
    const upstream = track(connect({ host: '127.0.0.1', port: route.port }));
    client.once('close', () => upstream.destroy());
    upstream.once('close', () => client.destroySoon());
    upstream.once('connect', () => {
      opened += 1;
      join(client, upstream, head.rest, route.kind === 'cut' ? route.afterBytes : Number.POSITIVE_INFINITY);
    });
  };

  const server = createServer((client) => void serve(track(client)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    hosts: () => asked,
    tunnels: () => opened,
    route: (host, route) => void table.set(host, route),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

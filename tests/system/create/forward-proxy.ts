import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';

/** A proxy of the Mac that wants a login, and what came to it. */
export interface ForwardProxy extends AsyncDisposable {
  readonly port: number;
  /** `GET http://...` and `CONNECT host:port`, of those who had the right login. */
  readonly passed: readonly string[];
  /** How many had none or another. */
  readonly refused: number;
}

interface ForwardProxyOptions {
  readonly login: string;
  /** The folder that is served as http://mirror.test/. */
  readonly mirror: string;
  /** Where every CONNECT leads to. */
  readonly tunnelTo: () => { readonly host: string; readonly port: number };
}

/** Listens on all addresses of this machine, as a proxy that also serves guests does. */
export async function startForwardProxy({ login, mirror, tunnelTo }: ForwardProxyOptions): Promise<ForwardProxy> {
  const wanted = `Basic ${btoa(login)}`;
  const passed: string[] = [];
  let refused = 0;
  const isAllowed = ({ headers, method, url }: IncomingMessage) => {
    if (headers['proxy-authorization'] === wanted) passed.push(`${method} ${url}`);
    else refused += 1;
    return headers['proxy-authorization'] === wanted;
  };
  const server = createServer(async (request, response) => {
    if (!isAllowed(request)) return void response.writeHead(407, { 'Proxy-Authenticate': 'Basic realm="x"' }).end();
    const url = new URL(request.url ?? '');
    const file = Bun.file(join(mirror, decodeURIComponent(url.pathname)));
    if (url.hostname !== 'mirror.test' || !(await file.exists())) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Length': file.size }).end(Buffer.from(await file.arrayBuffer()));
  });
  server.on('connect', (request, client) => {
    client.on('error', () => client.destroy());
    if (!isAllowed(request))
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\n\r\n');
    const { host, port } = tunnelTo();
    const upstream = connect(port, host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(0, '0.0.0.0', listening.resolve);
  await listening.promise;
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    get refused() {
      return refused;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

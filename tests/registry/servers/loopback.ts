/**
 * HTTPS to a server of ours, directly. Not by fetch: it obeys the HTTPS_PROXY of the machine that the tests run on,
 * and has no way to be told otherwise (an empty `proxy` counts as none given) [tried with Bun 1.4.5].
 */
import { Agent, request } from 'node:https';

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Loopback extends Disposable {
  ask(place: string, ask?: Ask): Promise<Reply>;
}

function ask(address: URL, agent: Agent, ca: string, { method = 'GET', headers = {}, body = '' }: Ask): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const length = body === '' && method === 'GET' ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
    const sent = request(address, { method, agent, ca, headers: { ...headers, ...length } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const pairs = Object.entries(response.headers).map(([name, value]) => [name, `${value ?? ''}`] as const);
        resolve({ status: response.statusCode ?? 0, headers: Object.fromEntries(pairs), body: Buffer.concat(chunks).toString() });
      });
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

/** `base`: `https://127.0.0.1:<port>`. */
export function loopback(base: string, ca: string): Loopback {
  const agent = new Agent({ keepAlive: true });
  return {
    ask: (place, options = {}) => ask(new URL(place, base), agent, ca, options),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

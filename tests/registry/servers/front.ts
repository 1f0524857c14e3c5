/**
 * The TLS server that is `https://ghcr.io` to the client: it hands out tokens, pages, makes trouble and keeps a record,
 * while the tag lists come from a backend. The double and the real registry differ in the backend alone.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { denied, json, NOT_FOUND, SERVICE, unauthorized } from './answers.ts';
import { type KeyPair, testCa } from './ca.ts';
import { page } from './pages.ts';
import { type Recorder, recorder } from './record.ts';
import { MOVED, type Outcome, troubles } from './trouble.ts';
import type { Answer, Backend, Registry, RegistryOptions } from './types.ts';

const TAGS_PATH = /^\/v2\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)\/tags\/list$/;
const SCOPE = /^repository:([a-z0-9]+(?:[._/-]+[a-z0-9]+)*):pull$/;
const NOT_ALLOWED: Answer = { status: 405, headers: { allow: 'GET' }, body: 'Method not allowed\n' };

function giveToken(backend: Backend, repository: string, unknown: RegistryOptions['unknown']): Answer {
  if (backend.has(repository) || unknown === 'tags-404') return json(200, { token: backend.issue(repository) });
  return unknown === 'token-401' ? unauthorized(repository) : denied();
}

type Decide = (request: IncomingMessage, gone: Promise<void>) => Promise<Outcome>;

function decider(backend: Backend, options: RegistryOptions): Decide {
  const befall = troubles(options.behaviours ?? {});
  const paging = { pageSize: options.pageSize ?? 100, linkForm: options.linkForm ?? 'relative' };
  return async (request, gone) => {
    if (options.hold !== undefined) await Promise.race([options.hold(), gone]);
    if (request.method !== 'GET') return { answer: NOT_ALLOWED, sending: 'all' };
    const asIs = new URL(request.url ?? '/', 'https://ghcr.io');
    const moved = asIs.pathname.startsWith(`${MOVED}/`);
    const url = moved ? new URL(asIs.href.replace(MOVED, '')) : asIs;
    const { pathname: path, searchParams: query } = url;
    if (path === '/token') {
      const repository = SCOPE.exec(query.get('scope') ?? '')?.[1];
      if (repository === undefined || query.get('service') !== SERVICE) return { answer: denied(), sending: 'all' };
      return befall({ on: 'token', repository, url, moved, gone }, async () => giveToken(backend, repository, options.unknown));
    }
    const repository = TAGS_PATH.exec(path)?.[1];
    if (repository === undefined) return { answer: NOT_FOUND, sending: 'all' };
    const { authorization } = request.headers;
    return befall({ on: 'tags', repository, url, moved, gone }, async () =>
      page(await backend.tags(repository, authorization), path, query, paging),
    );
  };
}

function send(response: ServerResponse, outcome: Outcome): void {
  if (outcome === undefined || response.destroyed) return;
  const { answer, sending } = outcome;
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'content-length': `${body.length}` });
  if (sending === 'all') return void response.end(body);
  response.write(body.subarray(0, body.length / 2), () => void (sending === 'cut' && response.socket?.destroy()));
}

async function listen(decide: Decide, record: Recorder, pair: KeyPair): Promise<{ server: Server; port: number }> {
  const server = createServer({ cert: pair.cert, key: pair.key }, async (request, response) => {
    const gone = new Promise<void>((resolve) => response.once('close', resolve));
    const entry = record.begin(request);
    const outcome = await decide(request, gone).catch(
      (error: unknown): Outcome => ({ answer: { status: 500, headers: {}, body: `the test's registry failed: ${error}` }, sending: 'all' }),
    );
    record.end(entry, outcome?.answer.status);
    send(response, outcome);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the registry has no port');
  return { server, port: address.port };
}

async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

export async function startFront(backend: Backend, options: RegistryOptions): Promise<Registry> {
  const ca = await testCa();
  const pair = { trusted: ca.server, untrusted: ca.untrusted, 'other-host': ca.otherHost }[options.certificate ?? 'trusted'];
  const record = recorder((token) => backend.tokenFor(token));
  const main = await listen(decider(backend, options), record, pair);
  // Whoever comes here was led astray; it gets a tag that shows in the output.
  const lure: Decide = async () => ({ answer: json(200, { name: 'elsewhere', token: 'elsewhere', tags: ['66.66'] }), sending: 'all' });
  const elsewhere = await listen(lure, record, ca.otherHost);
  return {
    port: main.port,
    elsewherePort: elsewhere.port,
    requests: () => record.requests,
    maxAtOnce: () => record.maxAtOnce(),
    async [Symbol.asyncDispose]() {
      await Promise.all([close(main.server), close(elsewhere.server)]);
      await backend[Symbol.asyncDispose]();
    },
  };
}

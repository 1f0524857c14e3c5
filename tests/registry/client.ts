/** A plain client to try the servers with. It knows nothing of the product's. */
import { waitUntil } from '../sandbox/wait.ts';
import { testCa } from './servers/ca.ts';
import type { World } from './world.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Client {
  /** GET of a path of ghcr.io, or of an address; redirects are shown, not followed. */
  get(place: string, token?: string, signal?: AbortSignal): Promise<Reply>;
  askToken(repository: string): Promise<Reply>;
  token(repository: string): Promise<string>;
  /** The pages of the tag list, in order. */
  pages(repository: string, query?: string): Promise<(readonly string[] | null)[]>;
}

/** Leaves a request when it has arrived, and returns the reason that its client was then told. */
export async function leave(request: (signal: AbortSignal) => Promise<Reply>, hasArrived: () => boolean): Promise<string> {
  const leaving = new AbortController();
  const answer = request(leaving.signal).then(
    () => 'an answer',
    (error: unknown) => String(error),
  );
  await waitUntil('the request to arrive', hasArrived);
  leaving.abort(new Error('the client leaves'));
  return answer;
}

export const tagsPath = (repository: string): string => `/v2/${repository}/tags/list`;

function fieldOf(text: string, name: string): unknown {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}

/** The first error code of the body. */
export function errorCode({ text }: Reply): unknown {
  const errors = fieldOf(text, 'errors');
  return Array.isArray(errors) ? fieldOf(JSON.stringify(errors[0]), 'code') : undefined;
}

/** The target of `rel=next`, good enough for the forms that our servers write. */
export function nextOf({ headers }: Reply): string | undefined {
  return /<([^<>]*)>(?:; title="[^"]*")?; rel="?next"?$/.exec(headers.get('link') ?? '')?.[1];
}

export function tagsOf({ text }: Reply): readonly string[] | null {
  const tags = fieldOf(text, 'tags');
  return Array.isArray(tags) ? tags.map(String) : null;
}

export async function client(world: World): Promise<Client> {
  const { ca } = await testCa();
  const get: Client['get'] = async (place, token, signal) => {
    const response = await fetch(new URL(place, 'https://ghcr.io'), {
      proxy: world.env.HTTPS_PROXY,
      tls: { ca },
      redirect: 'manual',
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const askToken: Client['askToken'] = (repository) => get(`/token?service=ghcr.io&scope=repository:${repository}:pull`);
  const token: Client['token'] = async (repository) => String(fieldOf((await askToken(repository)).text, 'token'));
  return {
    get,
    askToken,
    token,
    async pages(repository, query = '') {
      const bearer = await token(repository);
      const found: (readonly string[] | null)[] = [];
      let at: string | undefined = `https://ghcr.io${tagsPath(repository)}${query}`;
      while (at !== undefined) {
        const reply: Reply = await get(at, bearer);
        found.push(tagsOf(reply));
        const next = nextOf(reply);
        at = next === undefined ? undefined : new URL(next, at).href;
      }
      return found;
    },
  };
}

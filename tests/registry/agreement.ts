/** Questions that the double and the real registry must answer alike, each boiled down to what a client can tell apart. */
import { type Client, errorCode, type Reply, tagsOf, tagsPath } from './client.ts';
import type { Catalogue } from './servers/types.ts';

const MANY = Array.from({ length: 250 }, (_, index) => `${index % 25}.${index}`);

export const CATALOGUE: Catalogue = {
  'cirruslabs/ubuntu': ['24.04', '22.04', '26.04', 'latest', '24.04-beta', 'sha-0a1b2c'],
  'cirruslabs/ubuntu-desktop': ['24.04'],
  'someone/ubuntu': MANY,
  'deep/er/path': ['1.0'],
  'someone/empty': [],
};

/** Order is the registry's own business (docker-registry gives the folder's), so it is left out. */
function gist(reply: Reply): unknown {
  const { status, headers } = reply;
  const type = headers.get('content-type');
  const challenge = headers.get('www-authenticate');
  if (status !== 200) return { status, type, challenge, code: type?.startsWith('application/json') ? errorCode(reply) : reply.text };
  return {
    status,
    type,
    link: headers.get('link')?.replace(/last=[^&>]*/, 'last=…') ?? null,
    tags: tagsOf(reply)?.toSorted().length ?? null,
  };
}

export interface Question {
  readonly name: string;
  ask(client: Client): Promise<unknown>;
}

const HELD = 'cirruslabs/ubuntu';

const list = (repository: string): Question['ask'] => {
  return async (client) => gist(await client.get(tagsPath(repository), await client.token(repository)));
};

export const QUESTIONS: readonly Question[] = [
  { name: 'a short list', ask: list(HELD) },
  { name: 'a path of three segments', ask: list('deep/er/path') },
  { name: 'the tags themselves', ask: async (client) => (await client.pages(HELD)).flat().toSorted() },
  { name: 'a list of several pages, first page', ask: list('someone/ubuntu') },
  { name: 'all pages', ask: async (client) => (await client.pages('someone/ubuntu')).map((page) => page?.length) },
  { name: 'all tags of all pages', ask: async (client) => (await client.pages('someone/ubuntu')).flat().toSorted() },
  { name: 'pages of n=60', ask: async (client) => (await client.pages('someone/ubuntu', '?n=60')).map((page) => page?.length) },
  {
    name: 'more than a page is asked for',
    ask: async (client) => (await client.pages('someone/ubuntu', '?n=10000')).map((page) => page?.length),
  },
  { name: 'a repository whose tags are all gone', ask: list('someone/empty') },
  { name: 'no token', ask: async (client) => gist(await client.get(tagsPath(HELD))) },
  { name: 'a token that nobody gave out', ask: async (client) => gist(await client.get(tagsPath(HELD), 'made-up')) },
  {
    name: 'the token of another repository',
    ask: async (client) => gist(await client.get(tagsPath(HELD), await client.token('someone/ubuntu'))),
  },
  { name: 'a token for a repository that is not there', ask: async (client) => (await client.askToken('no/such')).status },
  { name: 'the list of a repository that is not there', ask: list('no/such') },
  { name: 'a path that is no list', ask: async (client) => gist(await client.get('/v2/cirruslabs/')) },
];

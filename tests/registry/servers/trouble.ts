/** What befalls a request before, or instead of, its usual answer. */
import { odd, status } from './answers.ts';
import { elsewhereLink, linkTo } from './pages.ts';
import type { Answer, Behaviour, Behaviours, Trouble } from './types.ts';

export interface Asked {
  readonly on: 'token' | 'tags';
  readonly repository: string;
  readonly url: URL;
  /** The path behind a redirect of ours: no redirect befalls it again. */
  readonly moved: boolean;
  /** Ends when the client has gone or the server is closed. */
  readonly gone: Promise<void>;
}

/** How much of the answer is sent: all, or half of the body and then an end of the connection (`cut`) or silence (`stall`). */
type Sending = 'all' | 'cut' | 'stall';

/** `undefined`: nothing is ever answered. */
export type Outcome = { readonly answer: Answer; readonly sending: Sending } | undefined;

export const MOVED = '/moved';

function redirect(trouble: Extract<Trouble, { kind: 'redirect' }>, url: URL): Answer {
  const location = trouble.to ?? `${MOVED}${url.pathname}${url.search}`;
  return { status: trouble.status, headers: { location, 'content-type': 'text/html' }, body: `<a href="${location}">Moved</a>` };
}

function relink(to: Extract<Trouble, { kind: 'link' }>['to'], url: URL, answer: Answer, turn: number): Answer {
  const link =
    to === 'itself'
      ? `<${url.pathname}${url.search}>; rel="next"`
      : to === 'endless'
        ? linkTo('relative', url.pathname, new URLSearchParams({ n: '0', last: `0.${turn}` }))
        : to === 'elsewhere'
          ? elsewhereLink(url.pathname)
          : `<${to.address}>; rel="next"`;
  return { ...answer, headers: { ...answer.headers, link } };
}

/** One for each server: it counts how often each trouble has struck. */
export function troubles(behaviours: Behaviours): (asked: Asked, usual: () => Promise<Answer>) => Promise<Outcome> {
  const struck = new Map<Behaviour, number>();
  const strike = (trouble: Behaviour): number => {
    const turn = (struck.get(trouble) ?? 0) + 1;
    struck.set(trouble, turn);
    return turn;
  };
  const spent = (trouble: Behaviour): boolean =>
    'times' in trouble && (struck.get(trouble) ?? 0) >= (trouble.times ?? Number.POSITIVE_INFINITY);

  return async (asked, usual) => {
    const due = (behaviours[asked.repository] ?? []).filter((each) => (each.on ?? 'tags') === asked.on);
    let answer: (() => Promise<Answer>) | undefined;
    for (const trouble of due) {
      if (spent(trouble) || (trouble.kind === 'redirect' && asked.moved)) continue;
      const turn = strike(trouble);
      const inner = answer ?? usual;
      switch (trouble.kind) {
        case 'delay':
          await Promise.race([Bun.sleep(trouble.ms), asked.gone]);
          break;
        case 'silent':
          await asked.gone;
          return undefined;
        case 'status':
          return { answer: status(asked.repository, trouble.status, trouble.retryAfter, trouble.body), sending: 'all' };
        case 'redirect':
          return { answer: redirect(trouble, asked.url), sending: 'all' };
        case 'body':
          return { answer: odd(asked.repository, trouble.body), sending: 'all' };
        case 'cut':
        case 'stall':
          return { answer: await inner(), sending: trouble.kind };
        case 'link':
          answer = async () => relink(trouble.to, asked.url, await inner(), turn);
          break;
      }
    }
    return { answer: await (answer ?? usual)(), sending: 'all' };
  };
}

/** Who asked for what, when, and how many were waiting at the same time. */
import type { IncomingMessage } from 'node:http';
import type { RecordedRequest } from './types.ts';

export interface Recorder {
  readonly requests: readonly RecordedRequest[];
  begin(request: IncomingMessage): RecordedRequest;
  end(entry: RecordedRequest, status: number | undefined): void;
  maxAtOnce(): number;
}

export function recorder(tokenFor: (token: string) => string | undefined): Recorder {
  const started = performance.now();
  const requests: RecordedRequest[] = [];
  let now = 0;
  let most = 0;
  return {
    requests,
    maxAtOnce: () => most,
    begin(request) {
      now += 1;
      most = Math.max(most, now);
      const url = new URL(request.url ?? '/', 'https://ghcr.io');
      const { authorization } = request.headers;
      const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
      const headers = Object.entries(request.headers).map(([name, value]) => [name, `${value ?? ''}`] as const);
      const entry: RecordedRequest = {
        method: request.method ?? '',
        host: request.headers.host ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: Object.fromEntries(headers),
        authorization,
        tokenFor: token === undefined ? undefined : tokenFor(token),
        at: performance.now() - started,
        status: undefined,
      };
      requests.push(entry);
      return entry;
    },
    end(entry, status) {
      now -= 1;
      entry.status = status;
    },
  };
}

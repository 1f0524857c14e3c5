/** What a test says about its registry, and what it may ask afterwards. */

/** Repository (`namespace/image`) to tags, in the order of the registry. A repository may be there and be empty. */
export type Catalogue = Readonly<Record<string, readonly string[]>>;

/** Seconds, an HTTP date that far ahead of the answer (whole seconds, rounded up), or the header as it stands. */
export type RetryAfter = number | { readonly dateInSeconds: number } | string;

export type Trouble =
  /** Answers as usual, later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Never answers; the connection stays open. */
  | { readonly kind: 'silent' }
  /** This status; `times` absent: always. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: RetryAfter; readonly times?: number; readonly body?: string }
  /** To the same path under `/moved`, where the usual answer is, or to `to` (path or address). */
  | { readonly kind: 'redirect'; readonly status: 301 | 302 | 303 | 307 | 308; readonly to?: string; readonly times?: number }
  /** 200 with a body that is not what it should be. */
  | { readonly kind: 'body'; readonly body: OddBody; readonly times?: number }
  /** 200, the first half of the usual body, then the connection is gone. */
  | { readonly kind: 'cut'; readonly times?: number }
  /** 200, the first half of the usual body, then nothing more; the connection stays open. */
  | { readonly kind: 'stall'; readonly times?: number }
  /** The usual page, but its `Link` names itself, a page that is always new, another host, or this address. */
  | { readonly kind: 'link'; readonly to: 'itself' | 'endless' | 'elsewhere' | { readonly address: string } };

/** `on`: which of the two requests it befalls; the tag list if absent. */
export type Behaviour = Trouble & { readonly on?: 'token' | 'tags' };

export type OddBody =
  | 'html'
  | 'empty'
  | 'half'
  | 'array'
  | 'null'
  | 'tags-null'
  | 'tags-missing'
  | 'tags-string'
  | 'tags-mixed'
  | 'no-token';

/** Several for one repository are tried in this order; the first that answers wins. */
export type Behaviours = Readonly<Record<string, readonly Behaviour[]>>;

/** What a repository that is not in the catalogue gets. ghcr.io has been seen to do all three [GitHub issues]. */
type Unknown = 'token-403' | 'token-401' | 'tags-404';

/** How the address in `Link` is written. `query` is relative to the path, `crowded` stands among other links, rel without quotes. */
export type LinkForm = 'relative' | 'absolute' | 'query' | 'crowded';

export interface RegistryOptions {
  readonly behaviours?: Behaviours;
  /** Most tags on a page, whatever the client's `n` asks; 100 if absent. */
  readonly pageSize?: number;
  readonly linkForm?: LinkForm;
  readonly unknown?: Unknown;
  /** Every request waits for this before it is looked at. */
  readonly hold?: () => Promise<unknown>;
  readonly certificate?: 'trusted' | 'untrusted' | 'other-host';
}

export interface RecordedRequest {
  readonly method: string;
  /** As the client wrote it in `Host`. */
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The `Authorization` header, if any. */
  readonly authorization: string | undefined;
  /** The repository whose token it bears; undefined without one, or with one that was never given out. */
  readonly tokenFor: string | undefined;
  /** Milliseconds since the server started. */
  readonly at: number;
  /** The status of the answer; undefined as long as there is none. */
  status: number | undefined;
}

export interface Registry extends AsyncDisposable {
  /** On loopback, TLS, for ghcr.io. */
  readonly port: number;
  /** A second door, for elsewhere.test: where nobody should be sent. */
  readonly elsewherePort: number;
  requests(): readonly RecordedRequest[];
  /** The largest number of requests that were under way at the same time. */
  maxAtOnce(): number;
}

/** What the front needs from a registry, real or not. */
export interface Backend extends AsyncDisposable {
  has(repository: string): boolean;
  /** A token that lets its bearer pull this repository and nothing else. */
  issue(repository: string): string;
  /** The repository that a token of ours is for. */
  tokenFor(token: string): string | undefined;
  /** The answer to the tag list of the repository, unpaged. */
  tags(repository: string, authorization: string | undefined): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

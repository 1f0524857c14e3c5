/** Why a registry gave no usable answer, in few words, and what helps if it is not the network. */
export interface RegistryFailure {
  readonly failure: string;
  readonly hint?: string | undefined;
}

interface FetchFailure extends RegistryFailure {
  /** Another try would fail in the same way: only a broken connection is worth one. */
  readonly final: boolean;
  /** The chain of certificates does not end at a trusted authority. */
  readonly untrusted: boolean;
}

/** Explains a status by which a registry refuses to answer now. */
export function failureOfStatus(status: number): RegistryFailure {
  if (status !== 429) return { failure: `HTTP ${status}` };
  return { failure: 'it has had too many requests from here (HTTP 429)', hint: 'Wait some minutes, then try again.' };
}

/** Explains a failed fetch by its deepest cause. */
export function failureOfFetch(error: unknown): FetchFailure {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  if (!(deepest instanceof Error)) return { failure: String(deepest), final: true, untrusted: false };
  const code = 'code' in deepest && typeof deepest.code === 'string' ? deepest.code : '';
  return {
    ...(code === 'ERR_PROXY_TUNNEL' ? refusedByProxy(deepest) : withoutAnswer(code, deepest)),
    final: code !== 'ECONNRESET',
    untrusted: UNTRUSTED.test(code),
  };
}

function withoutAnswer(code: string, error: Error): RegistryFailure {
  const known = CAUSES.find(({ pattern }) => pattern.test(code));
  return known === undefined ? { failure: code || error.message || error.name } : { failure: `${known.text} (${code})`, hint: known.hint };
}

/** Explains a refusal by the proxy: Bun leaves its answer to CONNECT in `status`. */
function refusedByProxy(error: Error): RegistryFailure {
  const status = 'status' in error ? error.status : undefined;
  if (status !== 407) return { failure: `the proxy refused the connection${typeof status === 'number' ? ` (HTTP ${status})` : ''}` };
  return {
    failure: 'the proxy wants a login (HTTP 407)',
    hint: 'Put one that it takes into HTTPS_PROXY: http://<user>:<password>@<host>:<port>',
  };
}

const UNTRUSTED = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/;

/** Error codes of Bun 1.4's fetch, as seen in compiled programs. */
const CAUSES: readonly { readonly pattern: RegExp; readonly text: string; readonly hint?: string }[] = [
  { pattern: /^ECONNREFUSED$/, text: 'connection refused' },
  { pattern: /^ENOTFOUND$/, text: 'host not found' },
  { pattern: /^ECONNRESET$/, text: 'connection closed' },
  {
    pattern: /^UnsupportedProxyProtocol$/,
    text: 'HTTPS_PROXY names a proxy that is neither http nor https',
    hint: 'Registries are not asked through SOCKS: name an http:// proxy, or unset HTTPS_PROXY for this command.',
  },
  { pattern: /CERT|SIGNATURE|TLS|SSL/, text: 'TLS certificate not accepted' },
];

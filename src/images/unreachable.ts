import type { Listing } from '../tools/registry.ts';

/** Returns what helps if no source could be reached: the hint of the first failure, else a look at the network. */
export function hintForUnreachable(listings: readonly Listing[]): string {
  const hints = listings.flatMap((listing) => (listing.kind === 'unreachable' ? (listing.hint ?? []) : []));
  return hints[0] ?? 'Check the network, VPN and proxy settings (HTTPS_PROXY, NODE_EXTRA_CA_CERTS).';
}

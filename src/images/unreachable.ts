import type { Listing } from '../tools/registry.ts';

/** Returns what helps where no source could be reached: what the first knows of its own failure, or else a look at the network. */
export function hintForUnreachable(listings: readonly Listing[]): string {
  const hints = listings.flatMap((listing) => (listing.kind === 'unreachable' ? (listing.hint ?? []) : []));
  return hints[0] ?? 'Check the network, VPN and proxy settings (HTTPS_PROXY, NODE_EXTRA_CA_CERTS).';
}

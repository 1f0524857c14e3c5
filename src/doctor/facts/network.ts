import type { Lease } from '../../tools/dhcp-leases.ts';
import type { Looks } from './look.ts';

export interface NetworkFacts {
  readonly leases: readonly Lease[] | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

export async function collectNetwork({ macos, look }: Looks): Promise<NetworkFacts> {
  return { leases: await look(() => macos.leases()), now: Math.floor(Date.now() / 1_000) };
}

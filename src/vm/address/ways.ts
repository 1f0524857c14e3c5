import type { App } from '../../app.ts';
import { recallAddress, rememberAddress } from './boot.ts';
import { askGuest } from './guest.ts';

/** The ways to a running guest. */
export interface Ways {
  /** The guest's own address, without an agent that of a lease; undefined if there is none. */
  readonly address: string | undefined;
  /** The guest agent answers. */
  readonly hasAgent: boolean;
}

/** Asks the guest how it can be reached. `leased` is the address that Tart told. */
export async function findWays(app: App, vm: string, leased: string | undefined): Promise<Ways> {
  const { answers, addresses: own } = await askGuest(app, vm);
  if (own === undefined) return { address: leased, hasAgent: answers };
  const address = leased !== undefined && own.includes(leased) ? leased : own[0];
  const known = recallAddress(app, vm);
  const isKnown = known?.proven === true && known.address === address;
  if (address !== undefined && !isKnown) rememberAddress(app, vm, { address, proven: true });
  return { address, hasAgent: true };
}

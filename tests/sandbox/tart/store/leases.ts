import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Lease {
  readonly mac: string;
  readonly ip: string;
  /** milliseconds since 1970 */
  readonly expires: number;
}

const file = (root: string) => join(root, 'leases.jsonl');

/** Nobody ever takes a lease back, just as on a Mac: it outlives its VM (trap 13). */
export const addLease = (root: string, lease: Lease): void => appendFileSync(file(root), `${JSON.stringify(lease)}\n`);

export function newestLease(root: string, mac: string): Lease | undefined {
  if (!existsSync(file(root))) return undefined;
  return readFileSync(file(root), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Lease)
    .filter((lease) => lease.mac === mac && lease.expires > Date.now())
    .at(-1);
}

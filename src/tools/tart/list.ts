import { RustaError } from '../../errors.ts';

type VmStatus = 'running' | 'suspended' | 'stopped';

export interface Vm {
  readonly name: string;
  readonly status: VmStatus;
}

/** An image in Tart's cache. Sizes in whole GB (10^9 bytes), rounded down. */
export interface CachedImage {
  /** `host/namespace/name:tag`, or with `@sha256:…` */
  readonly name: string;
  /** The size of the disk with which a VM of it begins. */
  readonly diskGb: number;
}

export interface Inventory {
  readonly vms: readonly Vm[];
  readonly images: readonly CachedImage[];
}

const STATUSES: readonly VmStatus[] = ['running', 'suspended', 'stopped'];

/**
 * Reads `tart list --format json` (docs/tart.md, section 3), in Tart's order. Ignores new keys, but a missing or odd key of a VM is an
 * error: guessing whether a VM runs could cost its data. Leaves out odd images: they are only advice.
 */
export function parseInventory(json: string): Inventory {
  const vms: Vm[] = [];
  const images: CachedImage[] = [];
  for (const row of parseRows(json)) {
    if (!isRecord(row)) throw unreadable('a row is not an object');
    if (row['Source'] === 'local') vms.push(toVm(row));
    else if (typeof row['Name'] === 'string' && typeof row['Disk'] === 'number') images.push({ name: row['Name'], diskGb: row['Disk'] });
  }
  return { vms, images };
}

function parseRows(json: string): unknown[] {
  let rows: unknown;
  try {
    rows = JSON.parse(json);
  } catch {
    throw unreadable(`it begins with '${json.trim().slice(0, 60)}'`);
  }
  if (!Array.isArray(rows)) throw unreadable('it is not a list');
  return rows;
}

function toVm(row: Record<string, unknown>): Vm {
  const name = row['Name'];
  if (typeof name !== 'string') throw unreadable("a row has no 'Name'");
  const status = STATUSES.find((known) => known === row['State']) ?? statusFromRunning(row['Running']);
  if (status === undefined) throw unreadable(`the state of '${name}' is ${JSON.stringify(row['State'])}`);
  return { name, status };
}

/** Reads the status of releases before `State`, which had only this key. */
function statusFromRunning(running: unknown): VmStatus | undefined {
  if (typeof running !== 'boolean') return undefined;
  return running ? 'running' : 'stopped';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(why: string): RustaError {
  return new RustaError('program_failed', `the answer of 'tart list' cannot be read: ${why}`, {
    hint: "Run 'tart list --format json' to see it; 'brew upgrade tart' may help.",
  });
}

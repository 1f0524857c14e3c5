import { RustaError } from '../errors.ts';

type VmStatus = 'running' | 'suspended' | 'stopped';

export interface Vm {
  readonly name: string;
  readonly status: VmStatus;
}

const STATUSES: readonly VmStatus[] = ['running', 'suspended', 'stopped'];

/**
 * The local VMs of `tart list --format json` (contract, section 3), in Tart's order. New keys are ignored,
 * a missing or odd one is an error: guessing whether a VM runs could cost its data.
 */
export function parseList(json: string): Vm[] {
  const rows = parseRows(json);
  const vms: Vm[] = [];
  for (const row of rows) {
    if (!isRecord(row)) throw unreadable('a row is not an object');
    if (row['Source'] !== 'local') continue;
    vms.push(toVm(row));
  }
  return vms;
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

/** Releases before `State` had only this key. */
function statusFromRunning(running: unknown): VmStatus | undefined {
  if (typeof running !== 'boolean') return undefined;
  return running ? 'running' : 'stopped';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unreadable(why: string): RustaError {
  return new RustaError(`the answer of 'tart list' cannot be read: ${why}`, {
    hint: "Run 'tart list --format json' to see it; 'brew upgrade tart' may help.",
  });
}

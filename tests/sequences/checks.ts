import { existsSync } from 'node:fs';
import { credentialsOf } from '../../src/vm/credentials.ts';
import { printVms } from '../../src/vm/listing.ts';
import type { FakeMac } from './fake-mac.ts';
import type { RustaVerb } from './steps.ts';

/** What a step may take away. */
export interface Allowed {
  /** The VMs that somebody asked to lose. */
  readonly lost: ReadonlySet<string>;
  readonly ended: ReadonlySet<string>;
  /** The processes of a VM that is gone, and had this name, may be ended. */
  readonly gone?: string;
}

export const NOTHING: Allowed = { lost: new Set(), ended: new Set() };

/** The VMs and processes of a moment. */
export function snapshot(mac: FakeMac) {
  return {
    tokens: mac.tokens(),
    lives: new Map([...mac.tart.lives].map(([pid, { token, argv }]) => [pid, { token, argv }])),
  };
}

/** Throws if a VM or a process of before is no more, and nobody asked for that. */
export function checkLosses(mac: FakeMac, before: ReturnType<typeof snapshot>, allowed: Allowed): void {
  const now = mac.tokens();
  for (const token of before.tokens) {
    if (!allowed.lost.has(token) && !now.has(token)) throw new Error(`${token} is lost`);
  }
  for (const [pid, { token, argv }] of before.lives) {
    const isGone = allowed.gone !== undefined && !existsSync(mac.folder(allowed.gone)) && argv.includes(allowed.gone);
    if (!mac.tart.lives.has(pid) && !allowed.ended.has(token) && !isGone) throw new Error(`the process of ${token} was ended`);
  }
}

/** Compares what `list` says of this home, and which logins are on record, with what is there. */
export async function checkList(mac: FakeMac): Promise<void> {
  const { app, streams } = mac.rusta();
  await printVms(app);
  const rows = streams[1].trim().split('\n').slice(1);
  const names = mac.tart.vms(mac.tartHome);
  if (
    rows
      .map((row) => row.split(' ')[0])
      .sort()
      .join() !== names.join()
  )
    throw new Error(`list says ${streams[1]}, there is ${names}`);
  for (const row of rows) {
    const [name = '', status] = row.split(/ +/);
    const folder = mac.folder(name);
    const truth = mac.tart.isComplete(folder) ? mac.tart.statusOf(folder) : 'damaged';
    if (status !== truth) throw new Error(`list says that ${name} is ${status}, it is ${truth}`);
    if (truth !== 'damaged') checkRecord(mac, name, row.includes('unfinished'));
  }
}

function checkRecord(mac: FakeMac, name: string, unfinished: boolean): void {
  const token = mac.tokenOf(name) ?? '';
  const known = mac.model.of(token);
  const { user } = credentialsOf(mac.rusta().app, name);
  if (!known.logins.has(user)) throw new Error(`${token} at ${name} has login ${user}, not ${[...known.logins]}`);
  if (known.unfinished !== undefined && known.unfinished !== unfinished) throw new Error(`${token} at ${name}: unfinished ${unfinished}`);
  known.unfinished = unfinished;
}

/** What a command says that it has done is done. */
export function checkDone(mac: FakeMac, verb: RustaVerb, vm: string): void {
  const folder = mac.folder(vm);
  const isThere = existsSync(folder);
  const is = (status: string) => isThere && mac.tart.isComplete(folder) && mac.tart.statusOf(folder) === status;
  if (verb === 'up' && !is('running')) throw new Error(`up: ${vm} does not run`);
  if (verb.startsWith('down') && !is('stopped')) throw new Error(`down: ${vm} is not off`);
  if (verb.startsWith('delete') && isThere) throw new Error(`delete: ${vm} is still there`);
  if (verb === 'resume' && !is('stopped') && !is('running')) throw new Error(`resume: ${vm} is not there`);
}

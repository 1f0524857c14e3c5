import type { Fault } from '../sandbox/fault.ts';
import type { Program } from '../sandbox/mac/mac-api.ts';
import type { Mac } from '../sandbox/mac.ts';
import type { Planting } from './user-files.ts';

/** A command, the Mac that it meets, and every program that it starts there. */
export interface Scenario extends Planting {
  readonly args: readonly string[];
  readonly vm: 'none' | 'stopped' | 'running' | 'started by rusta';
  /** What the Mac lacks, so that brew has to bring it. */
  readonly without?: readonly Program[];
  /** Alone in ~/.ssh: a private key without its public half. */
  readonly halfKey?: true;
  /** `program` or `program verb …`, as they are called; `(2nd)` spares the first such call. */
  readonly calls: Readonly<Record<string, Treatment>>;
  /** What must hold when it ends with 0: success is never only said. */
  readonly achieved: (mac: Mac) => boolean;
  /** The VM is off in the end, however it ends: it is this command alone that needs it. */
  readonly owns?: true;
}

/** What becomes of the command where the program fails, hangs, or ends well without having done anything. */
export interface Treatment {
  readonly fails: number | 'its own code';
  /** 130: as long as the user wants, or hours; Ctrl-C is what ends it. */
  readonly hangs: number;
  /** `0 or 1`: a race decides, and both are right. */
  readonly prints: number | '0 or 1';
  /** What the message calls it, where that is not its name. */
  readonly messageNames?: RegExp;
  /** What the message repeats of `Error: first line, second line`. */
  readonly messageQuotes?: string;
  readonly except?: Partial<Record<FaultName, number>>;
  /** The wait that expires; a test shortens it as users can. */
  readonly wait?: 'AGENT' | 'IP' | 'PROVISION';
  /** Where it only says that it ended well, a wait expires. */
  readonly expires?: true;
  /** Where it only says that it ended well, the VM stays on, and this says so. */
  readonly leavesOn?: RegExp;
  /** rusta's own part of the user's files may have changed before this call. */
  readonly afterUserFilesChanged?: true;
  /** The work is done by then, or what does it is not looked at: only the user knows. */
  readonly successUnchecked?: true;
}

/** Its answer, or what it leaves behind, is looked at. */
export const failsTheCommand: Treatment = { fails: 1, hangs: 1, prints: 1 };
/** That it ended well is all that there is to know. */
export const trustsExitCode: Treatment = { fails: 1, hangs: 1, prints: 0, successUnchecked: true };
/** A courtesy, or there is another way. */
export const optional: Treatment = { fails: 0, hangs: 0, prints: 0 };
/** The session is the user's own. */
export const passesCodeThrough: Treatment = { fails: 'its own code', hangs: 130, prints: 0, successUnchecked: true };

type Kind = Omit<Fault, 'program' | 'args'>;

/** What can become of a program. `missing` is not a fault of the stand-in: it is taken off PATH. */
export const FAULTS = {
  missing: 'missing',
  'exits 1 with a message': { do: 'exit', code: 1, stderr: 'Error: first line\nsecond line\n' },
  'exits 2 without a word': { do: 'exit', code: 2 },
  'is killed': { do: 'signal', signal: 'SIGKILL' },
  hangs: { do: 'hang' },
  'prints garbage': { do: 'garbage' },
  'prints megabytes': { do: 'megabytes' },
  'prints partial JSON': { do: 'partial', stdout: '[{"Name":"lab","Source":"loc' },
  'does nothing': { do: 'exit', code: 0 },
} as const satisfies Record<string, Kind | 'missing'>;
export type FaultName = keyof typeof FAULTS;

export interface Cell {
  readonly scenario: Scenario;
  readonly call: string;
  readonly treatment: Treatment;
  readonly fault: FaultName;
  readonly code: number | '0 or 1';
}

const OWN_CODES: Partial<Record<FaultName, number>> = {
  missing: 3, // sshpass's own: it starts ssh
  'exits 1 with a message': 1,
  'exits 2 without a word': 2,
  'is killed': 137,
};

function codeOf({ fails, hangs, prints, except }: Treatment, fault: FaultName): Cell['code'] {
  const special = except?.[fault];
  if (special !== undefined) return special;
  if (fault === 'hangs') return hangs;
  if (!(fault in OWN_CODES)) return prints;
  return fails === 'its own code' ? (OWN_CODES[fault] ?? 1) : fails;
}

/** A wait ends at its bound: the command fails, or goes on without. Until then it works, for it asks again and again. */
export function waitExpires({ code, treatment }: Cell): boolean {
  return treatment.wait !== undefined && (code === 1 || treatment.fails === 0);
}

/** Most of its time goes by in waiting for a bound. */
export function isWaiting({ fault, code, treatment }: Cell): boolean {
  return fault === 'hangs' ? code !== 130 : treatment.expires === true && onlySaysSo(fault);
}

/** It ends well, without having done anything. */
export function onlySaysSo(fault: FaultName): boolean {
  return fault !== 'hangs' && !(fault in OWN_CODES);
}

/** Programs that rusta installs when they are missing: what brew makes of that has scenarios of its own. */
const INSTALLED = new Set(['tart', 'sshpass', 'docker']);
const canBeMissing = (call: string) => /^[\w-]+$/.test(call) && !INSTALLED.has(call);

export function cellsOf(scenarios: readonly Scenario[]): Cell[] {
  return scenarios.flatMap((scenario) =>
    Object.entries(scenario.calls).flatMap(([call, treatment]) =>
      faultsOf(call).map((fault) => ({ scenario, call, treatment, fault, code: codeOf(treatment, fault) })),
    ),
  );
}

function faultsOf(call: string): FaultName[] {
  const all: FaultName[] = Object.entries(FAULTS).map(([name]) => name as FaultName);
  return all.filter((fault) => fault !== 'missing' || canBeMissing(call));
}

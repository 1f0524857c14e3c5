import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import type { Program } from '../sandbox/mac/mac-api.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { processesOf } from '../sandbox/processes.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { checkEnd, checkProcesses, isOn } from './check.ts';
import { playPs } from './ps.ts';
import { type Cell, FAULTS, onlySaysSo, waitExpires } from './table.ts';
import { harm, plant, snapshot } from './user-files.ts';

/** Every program has a bound, and no command waits for more than a few of them. Milliseconds. */
export const BOUND_MS = 180_000;
/** Under load, what works may take its time; what does not need not be waited for. Seconds. */
const PATIENCE = { RUSTA_AGENT_TIMEOUT: '60', RUSTA_IP_TIMEOUT: '60', RUSTA_SSH_TIMEOUT: '60' };
/** Long enough for a machine under load to have had its first answers. Seconds. */
const SHORT = '10';

export interface Outcome {
  readonly code: number | string | null;
  readonly seconds: number;
  /** Empty if all is well. */
  readonly problems: readonly string[];
}

export async function runCell(cell: Cell): Promise<Outcome> {
  const started = performance.now();
  const outcome = await tryCell(cell).catch((error: unknown) => ({ code: 'none', problems: [String(error).slice(0, 600)] }));
  return { ...outcome, seconds: (performance.now() - started) / 1_000 };
}

async function tryCell(cell: Cell): Promise<Omit<Outcome, 'seconds'>> {
  const { scenario, treatment } = cell;
  await using mac = await createMac({ without: scenario.without ?? [] });
  if (scenario.vm !== 'none') await mac.addVm('lab', { running: scenario.vm === 'running' });
  if (scenario.vm === 'started by rusta') await mac.rusta(['up', 'lab']);
  plant(mac, scenario);
  if (scenario.halfKey) await makeHalfKey(mac);
  const before = { processes: new Set(processesOf(mac.root)), files: snapshot(mac) };
  const struck = strike(mac, cell);
  const env = { ...PATIENCE, ...(waitExpires(cell) ? { [`RUSTA_${treatment.wait}_TIMEOUT`]: SHORT } : {}) };
  const result = await (cell.code === 130 ? interrupt(mac, cell, env) : mac.rusta(scenario.args, { env, timeoutMs: BOUND_MS }));
  const code = cell.code === '0 or 1' ? Number(result.code !== 0) : cell.code;
  if (!struck()) return { code: result.code, problems: [`'${cell.call}' was never called: ${result.stderr.slice(0, 400)}`] };
  mac.configure({ faults: [] });
  const problems = [
    ...checkEnd(result, { code, ...(treatment.fails === 'its own code' && code !== 130 ? { errorLines: 0 } : {}) }),
    ...checkMessage(cell, result),
    ...harm(mac, before.files, { mayChange: code === 0 || treatment.afterUserFilesChanged ? 'our part' : 'nothing' }),
  ];
  const isLeftOn = onlySaysSo(cell.fault) && treatment.leavesOn?.test(result.stderr) === true;
  if (code === 0 && treatment.successUnchecked === undefined && !isLeftOn && !scenario.achieved(mac))
    problems.push('ended with 0, but the work is not done');
  if (scenario.owns && !isLeftOn && isOn(mac)) problems.push('left the VM running');
  return { code: result.code, problems: [...problems, ...(await checkProcesses(mac, before.processes))] };
}

/** The program, and the first line that it said. */
function checkMessage({ call, fault, code, treatment }: Cell, { stderr }: RunResult): string[] {
  if (code !== 1 || treatment.fails === 'its own code') return [];
  const name = treatment.messageNames ?? new RegExp(call.split(' ')[0] ?? '');
  const line = fault === 'exits 1 with a message' ? (treatment.messageQuotes ?? 'Error: first line') : '';
  return name.test(stderr) && stderr.includes(line) ? [] : [`does not say ${name} and '${line}': ${stderr.slice(0, 600)}`];
}

async function makeHalfKey(mac: Mac): Promise<void> {
  const key = join(mac.home, '.ssh/id_ed25519');
  await mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  rmSync(`${key}.pub`);
}

/** Waits until the program hangs, then types Ctrl-C, so to speak. */
async function interrupt(mac: Mac, { scenario, call }: Cell, env: Record<string, string>): Promise<RunResult> {
  const running = mac.start(RUSTA, scenario.args, { env, timeoutMs: BOUND_MS });
  await waitUntil(
    `${call} to be started`,
    () => callsOf(mac, call) > 0,
    BOUND_MS,
    () => running.stderr,
  );
  running.kill('SIGINT');
  return running.exited;
}

interface Words {
  readonly program: string;
  readonly args: readonly string[];
  /** So many calls are spared. */
  readonly after: number;
}

function wordsOf(call: string): Words {
  const [program = '', ...args] = call.replace(/ \(2nd\)$/, '').split(' ');
  return { program, args, after: call.endsWith(' (2nd)') ? 1 : 0 };
}

function callsOf(mac: Mac, call: string): number {
  const { program, args, after } = wordsOf(call);
  return mac.calls(program).filter((each) => args.every((word, index) => each.args[index] === word)).length - after;
}

/** Returns how to find out whether it was met. */
function strike(mac: Mac, { call, fault }: Cell): () => boolean {
  const kind = FAULTS[fault];
  const { program, args, after } = wordsOf(call);
  if (program === 'ps') return playPs(mac, fault);
  if (kind === 'missing') {
    mac.without(program as Program);
    return () => true;
  }
  const before = callsOf(mac, call);
  mac.configure({ faults: [{ ...kind, program, args, after }] });
  return () => callsOf(mac, call) > Math.max(before, 0);
}

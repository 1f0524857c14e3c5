import { RUSTA, SIGNAL_CODES } from '../e2e/rusta.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import type { Program } from '../sandbox/mac-api.ts';
import { processesOf } from '../sandbox/processes.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { type Cell, FAULTS, needsInterrupt } from './table.ts';

const INTERRUPTED = SIGNAL_CODES.SIGINT;

/** Every program has a bound, and no command waits for more than a few of them. Milliseconds. */
export const BOUND_MS = 110_000;
/** Waits that a test shortens are those that users can shorten. */
const ENV = { RUSTA_AGENT_TIMEOUT: '4', RUSTA_IP_TIMEOUT: '4', RUSTA_SSH_TIMEOUT: '4' };

/** What was wrong with the end of a cell; empty if all is well. */
export async function runCell({ scenario, call, fault }: Cell): Promise<string[]> {
  await using mac = await createMac();
  if (scenario.vm !== 'none') await mac.addVm('lab', { running: scenario.vm === 'running' });
  if (scenario.vm === 'started by rusta') await mac.rusta(['up', 'lab']);
  const before = new Set(processesOf(mac.root));
  strike(mac, call, fault);
  const cell = { scenario, call, fault };
  const result = await (needsInterrupt(cell) ? interrupt(mac, cell) : end(mac, cell)).catch((error: unknown) => String(error));
  if (typeof result === 'string') return [`did not end within ${BOUND_MS} ms: ${result.slice(0, 200)}`];
  if (needsInterrupt(cell) && result.code !== INTERRUPTED)
    return [`ended with ${result.code} after Ctrl-C: ${result.stderr.slice(0, 200)}`];
  mac.configure({ faults: [] });
  const problems: string[] = [];
  const text = `${result.stdout}\n${result.stderr}`;
  if (/this is a bug in rusta|^\s+at .+:\d+:\d+/m.test(text)) problems.push(`shows a stack: ${result.stderr.slice(0, 400)}`);
  if (result.code === null) problems.push(`ended by ${result.signal}`);
  if (result.code === 0 && !scenario.achieved(mac)) problems.push('ended with 0, but the work is not done');
  if (result.code !== 0 && !isRemoteCode(scenario.args, call)) problems.push(...checkMessage(result.stderr));
  const left = processesOf(mac.root).filter((pid) => !before.has(pid) && !belongsToVm(mac));
  if (left.length > 0) problems.push(`left processes: ${left.join(', ')}`);
  if ((await mac.rusta(['source'])).code !== 0) problems.push('left a state file that cannot be read');
  return problems;
}

const end = (mac: Mac, { scenario }: Cell): Promise<RunResult> => mac.rusta(scenario.args, { env: ENV, timeoutMs: BOUND_MS });

/** Waits until the program hangs, then types Ctrl-C, so to speak. */
async function interrupt(mac: Mac, { scenario, call }: Cell): Promise<RunResult> {
  const [program = '', ...args] = call.split(' ');
  const running = mac.start(RUSTA, scenario.args, { env: ENV, timeoutMs: BOUND_MS });
  const calls = () => mac.calls(program).filter((each) => args.every((word, index) => each.args[index] === word));
  await waitUntil(`${call} to be started`, () => calls().length > 0, BOUND_MS);
  running.kill('SIGINT');
  return running.exited;
}

function strike(mac: Mac, call: string, fault: string): void {
  const kind = FAULTS[fault];
  const [program = '', ...args] = call.split(' ');
  if (kind === undefined) throw new Error(`no fault '${fault}'`);
  if (kind === 'missing') mac.without(program as Program);
  else mac.configure({ faults: [{ ...kind, program, args }] });
}

/** `rusta ssh` ends with what ssh ends with, whatever it says. */
function isRemoteCode(args: readonly string[], call: string): boolean {
  return args[0] === 'ssh' && (call === 'ssh' || call === 'sshpass');
}

function checkMessage(stderr: string): string[] {
  const errors = stderr.split('\n').filter((line) => line.startsWith('[error] '));
  if (errors.length !== 1) return [`${errors.length} error lines: ${stderr.slice(0, 400)}`];
  return (errors[0]?.length ?? 0) > 600 ? ['the error line has no end'] : [];
}

/** A VM may go on running where the command's task is to start one, or where it ran before. */
function belongsToVm(mac: Mac): boolean {
  return mac.vm('lab').exists && mac.vm('lab').isRunning;
}

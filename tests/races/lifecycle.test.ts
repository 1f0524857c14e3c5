import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UNWORDED } from '../e2e/rusta.ts';
import { ours, readState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { TEST_MS, waitUntil } from '../sandbox/wait.ts';
import { random } from './random.ts';

const ROUNDS = 24;
const AT_ONCE = 4;
const ENV = { RUSTA_AGENT_TIMEOUT: '30', RUSTA_IP_TIMEOUT: '15', RUSTA_SSH_TIMEOUT: '15' };
const SPREAD_MS = 700;

const COMMANDS: readonly (readonly string[])[] = [
  ['up'],
  ['up', '--no-gui'],
  ['down', '--timeout', '20'],
  ['down', '--force'],
  ['delete', '--yes'],
  ['delete', '--yes', '--force-running'],
  ['create'],
  ['ssh-copy'],
];

interface Move {
  readonly args: readonly string[];
  readonly afterMs: number;
}
interface Round {
  readonly vm: string;
  readonly begins: 'absent' | 'stopped' | 'running';
  readonly moves: readonly Move[];
}

const { seed, below } = random();
const ROUNDS_TO_RUN: readonly Round[] = Array.from({ length: ROUNDS }, (_, index) => ({
  vm: `lab${index}`,
  begins: (['stopped', 'running', 'absent'] as const)[index % 3] ?? 'stopped',
  moves: Array.from({ length: 3 + (index % 2) }, () => {
    const [verb = '', ...flags] = COMMANDS[below(COMMANDS.length)] ?? [];
    return { args: [verb, `lab${index}`, ...flags], afterMs: below(SPREAD_MS) };
  }),
}));

let mac: Mac;
const problems = new Map<string, unknown[]>();

beforeAll(async () => {
  console.log(`races with SEED=${seed}`);
  mac = await createMac();
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(mac.home, '.ssh/id_test'), 'key\n', { mode: 0o600 });
  const queue = ROUNDS_TO_RUN.values();
  const worker = async () => {
    for (const round of queue) problems.set(round.vm, await play(round));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}, ROUNDS * TEST_MS);
afterAll(() => mac[Symbol.asyncDispose]());

const rusta = (args: readonly string[]) => mac.rusta(args, { timeoutMs: TEST_MS, env: ENV });

async function play({ vm, begins, moves }: Round): Promise<unknown[]> {
  if (begins !== 'absent') await mac.addVm(vm);
  if (begins === 'running') await rusta(['up', vm]);
  const results = await Promise.all(
    moves.map(async ({ args, afterMs }) => {
      await Bun.sleep(afterMs);
      return { args, ...(await rusta(args)) };
    }),
  );
  const deleted = results.some(({ args, code }) => args[0] === 'delete' && code === 0);
  const told = results.filter((result) => !isTrue(result, deleted || begins === 'absent'));
  const end = await untilCalm(vm);
  const wrong = told.length + end.length > 0 ? [...end, ...results] : [];
  return [...wrong, ...(await goOn(vm))];
}

/** Its code is one of the three, it says why, and `not found` only where there was nothing to find. */
function isTrue({ code, stderr }: RunResult, mayBeGone: boolean): boolean {
  const errors = stderr.split('\n').filter((line) => line.startsWith('[error] '));
  if (UNWORDED.test(stderr)) return false;
  if (code === 0) return errors.length === 0;
  if (code === 2) return mayBeGone && /^\[error\] VM 'lab\d+' not found$/.test(errors.join());
  return code === 1 && errors.length === 1 && !errors.join().includes('does not exist');
}

/** What is wrong with the end; a process may need a moment to be gone. */
async function untilCalm(vm: string): Promise<string[]> {
  await waitUntil('calm', () => disagreements(vm).length === 0).catch(() => {});
  return disagreements(vm);
}

function disagreements(name: string): string[] {
  const vm = mac.vm(name);
  const { exists, runPid } = vm;
  const file = (path: string) => existsSync(ours(mac, path));
  const pidFile = file(`run/${name}.pid`) ? readFileSync(ours(mac, `run/${name}.pid`), 'utf8').trim() : '';
  const wrong: string[] = [];
  const orphans = tartRunsOf(name).filter((pid) => pid !== runPid);
  if (orphans.length > 0) wrong.push(`tart run of a VM that is not running: ${orphans.join()}`);
  if (pidFile !== (runPid === 0 ? '' : String(runPid))) wrong.push(`the pid file says '${pidFile}', Tart ${runPid}`);
  if (runPid !== 0 && !existsSync(join(vm.folder, 'control.sock'))) wrong.push('the control socket of a running VM is gone');
  if (exists) return wrong;
  const left = [`run/${name}.log`, `run/${name}.lock`, `provision/${name}.sh`, `provision/${name}.log`].filter(file);
  if (left.length > 0) wrong.push(`left of a VM that is gone: ${left.join()}`);
  if (readState(mac)?.includes(`[vms.${name}]`)) wrong.push('the state knows a VM that is gone');
  return wrong;
}

function tartRunsOf(name: string): number[] {
  const lines = Bun.spawnSync(['ps', '-axww', '-o', 'pid=', '-o', 'command=']).stdout.toString().split('\n');
  const ours = lines.filter((line) => line.includes(`${mac.root}/`) && /tart run /.test(line) && line.trim().endsWith(` ${name}`));
  return ours.map((line) => Number.parseInt(line, 10));
}

/** Whatever the end is, the next command works on it. */
async function goOn(vm: string): Promise<unknown[]> {
  const verbs = mac.vm(vm).exists ? ['up', 'down'] : ['create'];
  const failed: unknown[] = [];
  for (const verb of verbs) {
    const result = await rusta([verb, vm]);
    if (result.code !== 0) failed.push({ verb, ...result });
  }
  if (mac.vm(vm).isRunning) failed.push('it runs at the very end');
  return failed;
}

test.each(ROUNDS_TO_RUN.map((round) => [round.vm, round.begins, round] as const))(
  'when random commands meet %s, which is %s, then each tells the truth and the next one works',
  (_vm, _begins, { vm, moves }) => {
    const played = { seed, moves: moves.map(({ args, afterMs }) => `${args.join(' ')} +${afterMs}`) };
    expect({ ...played, problems: problems.get(vm) }).toEqual({ ...played, problems: [] });
  },
);

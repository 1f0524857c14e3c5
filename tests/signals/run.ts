import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../e2e/rusta.ts';
import { ours, readState } from '../e2e/state.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { processesOf, signal, untilAllEnd } from '../sandbox/processes.ts';
import { openTerminal } from '../sandbox/terminal.ts';
import { waitUntil } from '../sandbox/wait.ts';
import { type Phase, parseCall, WAYS, type Way } from './phases.ts';
import { checkedOnTerminal, IS_SANE } from './tty.ts';

/** Longer than any clean-up, of a machine that is busy; milliseconds. */
export const BOUND_MS = 60_000;
const HEALTHY = { faults: [], behavior: { agent: 'up', ip: 'dhcp', ssh: 'up', ignoresShutdown: false } } as const;

export interface Case {
  readonly phase: Phase;
  readonly way: Way;
}

interface Ending {
  readonly code: number | null;
  /** All that it said. */
  readonly text: string;
  /** What else was wrong. */
  readonly problems: readonly string[];
}

/** What was wrong after the signal; empty if all is well. */
export async function runCase({ phase, way }: Case): Promise<string[]> {
  await using mac = await createMac();
  await prepare(mac, phase);
  const before = new Set(mac.calls().map(({ pid }) => pid));
  mac.configure(phase.knobs);
  if (phase.call === 'ps') holdPs(mac);
  const reached = () => waitUntil(`${phase.while} to be reached`, () => isReached(mac, phase, before));
  const { code, text, problems } = way.startsWith('SIG')
    ? await onPipes(mac, phase, way, reached)
    : await onTerminal(mac, phase, way, reached);
  const errors = text.match(/\[error\].*/g) ?? [];
  const found = [...problems];
  const check = (holds: boolean, problem: string) => void (holds || found.push(problem));
  check(code === WAYS[way].code, `ended with ${code}: ${text}`);
  check(errors.length === 1 && errors[0] === WAYS[way].message, `said ${errors.join('; ') || 'nothing'}`);
  check(phase.says === undefined || text.includes(phase.says), `did not say "${phase.says}" but: ${text}`);
  found.push(...(await checkLeft(mac, phase)));
  mac.configure(HEALTHY);
  rmSync(join(mac.bin, 'ps'), { force: true });
  return [...found, ...(await checkNext(mac, phase))];
}

async function prepare(mac: Mac, { vm, knobs: { behavior = {} } }: Phase): Promise<void> {
  if (vm === 'running') mac.configure({ behavior });
  if (vm !== 'none') await mac.addVm('lab', { running: vm === 'running' });
  if (vm === 'up') await mac.rusta(['up', 'lab']);
  mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
  writeFileSync(join(mac.home, '.ssh/cloud.pem'), 'a key\n', { mode: 0o600 });
}

/** The system's own, which plays no faults. */
function holdPs(mac: Mac): void {
  const record = `{"program":"ps","args":[],"pid":'$$',"env":{}}`;
  writeFileSync(join(mac.bin, 'ps'), `#!/bin/sh\necho '${record}' >> "$SANDBOX/calls.jsonl"\nexec sleep 600\n`);
  chmodSync(join(mac.bin, 'ps'), 0o755);
}

function isReached(mac: Mac, phase: Phase, before: ReadonlySet<number>): boolean {
  const { program, args, nth } = parseCall(phase.call);
  const calls = mac.calls(program).filter((call) => !before.has(call.pid) && args.every((word, at) => call.args[at] === word));
  const call = calls[nth - 1];
  if (call === undefined || (phase.over && signal(call.pid, 0))) return false;
  // Before that, there is no guest yet that could be shut down, or go on.
  const boots = phase.owner || (phase.vm === 'off' && phase.leaves === 'running');
  return !boots || mac.events().some(({ event }) => event === 'ip' || event === 'agent-up');
}

async function onPipes(mac: Mac, { args }: Phase, way: Way, reached: () => Promise<void>): Promise<Ending> {
  const rusta = mac.start(RUSTA, args);
  await reached();
  rusta.kill(way as NodeJS.Signals);
  const { code, stdout, stderr } = await rusta.exited;
  return { code, text: stdout + stderr, problems: [] };
}

/** A closed terminal shows nothing any more: the log says what was said. */
async function onTerminal(mac: Mac, { args }: Phase, way: Way, reached: () => Promise<void>): Promise<Ending> {
  const log = join(mac.root, 'log');
  const line = way === 'closed terminal' ? [RUSTA, '--log', log, ...args] : checkedOnTerminal(mac, [RUSTA, ...args]);
  const [program = '', ...rest] = line;
  await using terminal = openTerminal(mac, program, rest);
  await reached();
  if (way === 'closed terminal') terminal.close();
  else terminal.press('ctrl-c');
  const { code } = await terminal.exited;
  if (way === 'closed terminal') return { code, text: readFileSync(log, 'utf8'), problems: [] };
  return { code, text: terminal.screen, problems: IS_SANE.test(terminal.screen) ? [] : [`left the terminal so: ${terminal.screen}`] };
}

async function checkLeft(mac: Mac, { leaves, owner, isComplete, vm: before, args }: Phase): Promise<string[]> {
  const found: string[] = [];
  const check = (holds: boolean, problem: string) => void (holds || found.push(problem));
  const vm = mac.vm('lab');
  const is = vm.exists ? (vm.isRunning ? 'running' : 'off') : 'gone';
  check(is === leaves, `VM is ${is}`);
  const tracked = leaves === 'running' && before !== 'running';
  check(existsSync(ours(mac, 'run/lab.pid')) === tracked, tracked ? 'no pid file' : 'a pid file is left');
  if (leaves !== 'running') found.push(...(await checkAllEnd(mac)));
  if (owner) check(wasShutDown(mac), `the guest was not shut down cleanly: ${readFileSync(ours(mac, 'run/lab.log'), 'utf8')}`);
  const setup = /setup = "(\w+)"/.exec(readState(mac) ?? '')?.[1];
  const unfinished = args.join(' ') === 'create lab' && leaves === 'off' && isComplete !== true;
  check((setup !== undefined) === unfinished, `state: ${readState(mac)}`);
  const strange = readdirSync(join(mac.home, '.ssh')).filter((name) => !/^(id_ed25519(\.pub)?|cloud\.pem|config)$/.test(name));
  check(strange.length === 0, `left in ~/.ssh: ${strange}`);
  return found;
}

/** By the power button or from within, and not by a signal that cuts the power. */
export function wasShutDown(mac: Mac): boolean {
  const log = readFileSync(ours(mac, 'run/lab.log'), 'utf8');
  return mac.events().some(({ event }) => event === 'run-exit') && !log.includes('Stopping VM...');
}

/** By SIGKILL, before any signal that it could have answered. */
export function wasKilledOutright(mac: Mac): boolean {
  const log = readFileSync(ours(mac, 'run/lab.log'), 'utf8');
  return !mac.events().some(({ event }) => event === 'run-exit') && !log.includes('Stopping VM...');
}

/** No lock is held and nothing hangs: the next command does its work, and then all processes are gone. */
async function checkNext(mac: Mac, { leaves }: Phase): Promise<string[]> {
  const next = leaves === 'running' ? ['down', 'lab'] : leaves === 'off' ? ['set-gui', 'lab', 'off'] : ['list'];
  const { code, stderr } = await mac.rusta(next);
  return [...(code === 0 ? [] : [`'rusta ${next.join(' ')}' then ended with ${code}: ${stderr}`]), ...(await checkAllEnd(mac))];
}

/** A guest's own `shutdown` may end a moment after its VM. */
function checkAllEnd(mac: Mac): Promise<string[]> {
  return untilAllEnd(mac.root).then(
    () => [],
    () => [`processes are left: ${shown(processesOf(mac.root))}`],
  );
}

function shown(pids: readonly number[]): string {
  return Bun.spawnSync(['ps', '-o', 'pid=,command=', '-p', pids.join(',')]).stdout.toString();
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../src/app.ts';
import { run } from '../../src/cli/run.ts';
import { ToolError } from '../../src/errors.ts';
import { createPaths } from '../../src/state/paths.ts';
import { createPidFiles } from '../../src/state/pid.ts';
import { createSshFiles } from '../../src/state/ssh/files.ts';
import { createStore } from '../../src/state/store.ts';
import { createVmLocks } from '../../src/state/vm-lock.ts';
import { systemClock } from '../../src/system/clock.ts';
import type { Interrupt } from '../../src/system/interrupt.ts';
import type { CapturedCommand, Command } from '../../src/system/programs/command.ts';
import { failure, type Runner } from '../../src/system/programs/runner.ts';
import { createTimeouts } from '../../src/system/timeouts.ts';
import { createDocker } from '../../src/tools/docker.ts';
import { createBrew } from '../../src/tools/homebrew/brew.ts';
import { createSshKeygen } from '../../src/tools/ssh/keygen.ts';
import { createSsh } from '../../src/tools/ssh/ssh.ts';
import { createTartFiles } from '../../src/tools/tart/files.ts';
import { createTartProcesses } from '../../src/tools/tart/process.ts';
import { createTart } from '../../src/tools/tart/tart.ts';
import { createOutput } from '../../src/ui/output.ts';
import { createProgress } from '../../src/ui/progress.ts';
import { capturedStdio } from '../unit/ui/captured.ts';

/** One expected program start, and how it ends. */
export interface Call {
  /** The command line, words joined by spaces, or what it must look like. */
  readonly call: string | RegExp;
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  /** Environment that it must be given. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the world looks like once it has run. */
  readonly effect?: () => void;
}

export interface Script {
  readonly calls: readonly Call[];
  /** Programs on PATH; more may appear by an `effect`. */
  readonly programs?: Set<string>;
  /** Pids that exist. A signal ends the process. */
  readonly alive?: Set<number>;
}

/** An App whose programs are a script. `finish` fails if an expected call never came. */
export function scripted(script: Script) {
  const expected = [...script.calls];
  const signals: string[] = [];
  const { stdio, streams } = capturedStdio();
  const programs = script.programs ?? new Set(['uname', 'brew', 'tart', 'sshpass', 'ps']);
  const alive = script.alive ?? new Set<number>();
  const home = mkdtempSync(join(tmpdir(), 'rusta-flow-'));
  const paths = createPaths({ HOME: home });
  const runner = scriptedRunner(expected, programs);
  const interrupt: Interrupt = { signal: new AbortController().signal, received: undefined, shield: (work) => work() };
  const processes: App['processes'] = {
    pid: 4711,
    uid: 501,
    isAlive: (pid) => alive.has(pid),
    signal: (pid, signal) => {
      signals.push(`${signal} ${pid}`);
      return alive.delete(pid);
    },
  };
  const out = createOutput({ stdio, env: {}, verbose: false, progressTo: 'stdout', log: undefined });
  const progress = createProgress(out, systemClock);
  const app: App = {
    out,
    progress,
    prompt: { refusal: 'stdin is not a TTY to ask on', ask: () => Promise.reject(new Error('nobody to ask')) },
    tart: createTart(runner, paths.tartHome),
    tartProcesses: createTartProcesses(runner, processes),
    tartFiles: createTartFiles(paths.tartHome),
    brew: createBrew({ runner, out, progress, processes }),
    ssh: createSsh(runner, false, paths.sshLog),
    sshKeygen: createSshKeygen(runner),
    docker: createDocker(runner),
    registry: { listTags: () => Promise.reject(new Error('no registry here')) },
    store: createStore(paths, systemClock),
    sshFiles: createSshFiles({ HOME: home }, paths.sshConfigLock, systemClock),
    pids: createPidFiles(paths),
    locks: createVmLocks(paths, { clock: systemClock, interrupt, processes }),
    paths,
    runner,
    processes,
    clock: systemClock,
    timeouts: createTimeouts({}),
    interrupt,
    stdio,
    env: { HOME: home },
    verbose: false,
    program: '/opt/homebrew/bin/rusta',
    freeBytes: () => undefined,
  };
  const finish = () => {
    if (expected.length > 0) throw new Error(`never called: ${expected.map(({ call }) => call).join('; ')}`);
  };
  return { app, streams, signals, finish };
}

/** Runs a command line, words parted by spaces, on that App; its exit code. */
export function rusta(app: App, line: string): Promise<number> {
  return run(line.split(' '), {
    version: '0.0.0',
    answer: async (text) => app.out.data(text),
    json: false,
    env: app.env,
    openStdio: async () => app.stdio,
    createApp: async () => app,
  });
}

function scriptedRunner(expected: Call[], programs: ReadonlySet<string>): Runner {
  const next = (command: Command) => {
    const line = [command.program, ...command.args].join(' ');
    const call = expected.shift();
    if (call === undefined || !isCalled(call, line))
      throw new Error(`expected '${call?.call ?? 'no more calls'}', but '${line}' was called`);
    for (const [name, value] of Object.entries(call.env ?? {})) {
      if (command.env?.[name] !== value) throw new Error(`'${line}' was started without ${name}=${value}`);
    }
    call.effect?.();
    return { code: call.code ?? 0, stdout: call.stdout ?? '', stderr: call.stderr ?? '', timedOut: false };
  };
  const run = async (command: CapturedCommand) => {
    if (!programs.has(command.program)) throw new ToolError(command.program, `'${command.program}' is not installed`);
    return next(command);
  };
  return {
    which: (program) => (programs.has(program) ? `/bin/${program}` : undefined),
    run,
    async check(command) {
      const finished = await run(command);
      if (finished.code !== 0) throw failure(command, finished);
      return finished;
    },
    attach: async (command) => next(command).code,
    background: (command) => void next(command),
    detach: () => {
      throw new Error('nothing is to be detached here');
    },
  };
}

function isCalled({ call }: Call, line: string): boolean {
  return typeof call === 'string' ? call === line : call.test(line);
}

/** `tart list` of these VMs. */
export function listing(vms: Readonly<Record<string, 'running' | 'stopped'>>): Call {
  const rows = Object.entries(vms).map(([Name, State]) => ({ Source: 'local', Name, State, Running: State === 'running' }));
  return { call: 'tart list --format json', stdout: JSON.stringify(rows) };
}

export const UNAME: Call = { call: 'uname -m', stdout: 'arm64\n' };

import type { App } from '../../src/app.ts';
import { createPaths } from '../../src/state/paths.ts';
import { createPidFiles } from '../../src/state/pid.ts';
import { createSshFiles } from '../../src/state/ssh/files.ts';
import { createStore } from '../../src/state/store.ts';
import { type VmLocks, vmBusy } from '../../src/state/vm-lock.ts';
import type { Clock } from '../../src/system/clock.ts';
import type { Lock } from '../../src/system/files/lock.ts';
import type { Interrupt } from '../../src/system/interrupt.ts';
import type { Processes } from '../../src/system/programs/processes.ts';
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
import { fakeRunner, type Kill } from './fake-runner.ts';
import type { FakeTart } from './fake-tart.ts';

/** One rusta, from its start to its end or its kill. */
export interface Rusta {
  readonly app: App;
  readonly streams: { 1: string; 2: string };
  readonly paths: ReturnType<typeof createPaths>;
}

/** The App of one command: everything is real but the programs, the clock and the locks of VMs. */
export function startRusta(tart: FakeTart, env: { readonly HOME: string; readonly TART_HOME: string }, kill: Kill | undefined): Rusta {
  const { runner, processes, state } = fakeRunner(tart, env.TART_HOME, kill);
  const { stdio, streams } = capturedStdio();
  const paths = createPaths(env);
  const tartFiles = createTartFiles(paths.tartHome);
  const clock = timelessClock(state);
  const interrupt: Interrupt = { signal: new AbortController().signal, received: undefined, shield: (work) => work() };
  const out = createOutput({ stdio, env: {}, verbose: false, progressTo: 'stdout', log: undefined });
  const progress = createProgress(out, clock);
  const app: App = {
    out,
    progress,
    prompt: { refusal: 'stdin is not a TTY to ask on', ask: () => Promise.reject(new Error('nobody to ask')) },
    tart: createTart(runner, paths.tartHome),
    tartProcesses: createTartProcesses(runner, processes),
    tartFiles,
    brew: createBrew({ runner, out, progress, processes }),
    ssh: createSsh(runner, false, paths.sshLog),
    sshKeygen: createSshKeygen(runner),
    docker: createDocker(runner),
    registry: { listTags: () => Promise.reject(new Error('no registry here')) },
    store: createStore(paths, clock, tartFiles),
    sshFiles: createSshFiles(env, paths.sshConfigLock, clock),
    pids: createPidFiles(paths),
    locks: freeLocks(paths.claim, processes),
    paths,
    runner,
    processes,
    clock,
    timeouts: createTimeouts({}),
    interrupt,
    stdio,
    env,
    verbose: false,
    program: '/opt/homebrew/bin/rusta',
    freeBytes: () => undefined,
  };
  return { app, streams, paths };
}

/** Time passes only where somebody sleeps; for a killed rusta it does not go on. */
function timelessClock(state: { readonly dead: boolean }): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(ms, signal) {
      if (state.dead) return new Promise(() => {});
      signal?.throwIfAborted();
      now += ms;
      await Promise.resolve();
      signal?.throwIfAborted();
    },
  };
}

/** Commands come one after the other here, and a killed one holds nothing: the kernel sees to that. */
function freeLocks(claim: () => void, processes: Processes): VmLocks {
  const lock: Lock = { waited: false, fd: -1, release: () => {}, discard: () => {}, [Symbol.dispose]: () => {} };
  return {
    async acquire(vm) {
      claim();
      if (vm === '') throw vmBusy({ processes }, vm, '');
      return lock;
    },
    async tryAcquire() {
      claim();
      return { lock };
    },
  };
}

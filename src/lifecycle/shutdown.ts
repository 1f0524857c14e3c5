import type { App } from '../app.ts';
import { RustaError, ToolError } from '../errors.ts';
import { succeeded } from '../system/programs/command.ts';
import { lastLines } from '../text/lines.ts';
import { findVm } from '../vm/resolve.ts';
import { verifiedPid } from '../vm/verified-pid.ts';

/** The agent's answer is part of the time that the user gave; after this, the power button is tried. */
const ASK_MS = 10_000;
const PROCESS_POLL_MS = 50;
const LIST_POLL_MS = 1_000;
const ZOMBIE_POLL_MS = 2_000;
const KILL_WAIT_MS = 5_000;

/** A VM that is being stopped, and the process to watch; without one only Tart knows whether it runs. */
interface Target {
  readonly vm: string;
  readonly pid: number | undefined;
}

/**
 * Asks the guest to shut down and waits until it is off (D10). Throws RustaError: with the --force hint after `timeoutMs`,
 * or if the VM is gone.
 */
export async function shutDown(app: App, vm: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
  const deadline = app.clock.now() + timeoutMs;
  const target: Target = { vm, pid: await verifiedPid(app, vm) };
  const finished = new AbortController();
  // The request may be answered long before the guest is off: an interrupt ends the wait for that too.
  const signal = AbortSignal.any([finished.signal, app.interrupt.signal]);
  const off = waitUntilOff(app, target, deadline, signal);
  const asking = askGuest(app, target, Math.min(ASK_MS, timeoutMs / 2), signal);
  try {
    // A refusal ends the wait at once; an accepted request leaves it to `off`.
    const stopped = await Promise.race([off, asking.then(() => off)]);
    if (!stopped) throw notStopped(vm, `did not stop within ${timeoutMs / 1_000} s`);
  } finally {
    finished.abort(new Error('the wait is over'));
    await Promise.allSettled([off, asking]);
  }
  app.pids.remove(vm, target.pid);
}

/** Cuts the power: `tart stop`, then the verified process. Throws RustaError if the VM still runs, or is gone. */
export async function forceOff(app: App, vm: string): Promise<void> {
  const target: Target = { vm, pid: await verifiedPid(app, vm) };
  const failure = await app.tart.stop(vm).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ToolError) return error;
      throw error;
    },
  );
  const kill = () => signalVerified(app, target, 'SIGKILL');
  const isOff = (watched: Target) => waitUntilOff(app, watched, app.clock.now() + KILL_WAIT_MS, app.interrupt.signal);
  // `tart stop` also fails if the VM stopped by itself meanwhile: then ask Tart.
  let stopped = await isOff(failure === undefined || (await kill()) ? target : { vm, pid: undefined });
  // `tart stop` may exit with 0 and have stopped nothing.
  if (!stopped && failure === undefined && (await kill())) stopped = await isOff(target);
  if (!stopped) {
    const reason = failure?.message ?? "'tart stop' exited with 0, but did not stop it";
    throw new RustaError('shutdown_failed', `VM '${vm}' is still running: ${reason}`);
  }
  app.pids.remove(vm, target.pid);
}

/** Asks through the agent, else with the power button (SIGUSR2 to `tart run`). */
async function askGuest(app: App, target: Target, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const { vm } = target;
  const answer = await app.tart.exec(vm, ['sudo', 'shutdown', '-h', 'now'], { timeoutMs, signal });
  // A guest that goes off while it answers breaks the connection: that is the wanted end.
  if (succeeded(answer) || /unavailable \(14\)|Transport became inactive/.test(answer.stderr)) return;
  const reason = answer.timedOut ? 'the guest agent did not answer' : (lastLines(answer.stderr, 1)[0] ?? `exit code ${answer.code}`);
  app.out.trace(`shutdown through the agent failed: ${reason}`);
  if (await signalVerified(app, target, 'SIGUSR2')) return;
  // Somebody else may have been faster.
  if (await isRunning(app, vm)) throw notStopped(vm, `did not take the request to shut down: ${reason}`);
}

/** Returns false if the process is gone, or another one has its number by now. */
async function signalVerified(app: App, { vm, pid }: Target, signal: NodeJS.Signals): Promise<boolean> {
  if (pid === undefined || !(await app.tartProcesses.isRunOf(vm, pid))) return false;
  return app.processes.signal(pid, signal);
}

/** Throws RustaError if the VM is gone. */
async function isRunning(app: App, vm: string): Promise<boolean> {
  return findVm(await app.tart.list(), vm).status === 'running';
}

function notStopped(vm: string, what: string): RustaError {
  return new RustaError('shutdown_failed', `VM '${vm}' ${what}`, {
    hint: `Retry with --force, which cuts the power: rusta down ${vm} --force`,
  });
}

/** Resolves with true once the VM is off, with false at the deadline. Watches the process where it is known, else asks Tart. */
async function waitUntilOff(app: App, { vm, pid }: Target, deadline: number, signal: AbortSignal): Promise<boolean> {
  const running = pid === undefined ? () => isRunning(app, vm) : processWatch(app, pid);
  while (await running()) {
    const left = deadline - app.clock.now();
    if (left <= 0) return false;
    await app.clock.sleep(Math.min(pid === undefined ? LIST_POLL_MS : PROCESS_POLL_MS, left), signal);
  }
  return true;
}

/** Returns a probe that tells whether the process still runs. Its parent may be a rusta that was stopped with Ctrl-Z and collects nothing. */
function processWatch({ processes, tartProcesses, clock }: App, pid: number): () => Promise<boolean> {
  let zombieLook = clock.now() + ZOMBIE_POLL_MS;
  return async () => {
    if (!processes.isAlive(pid)) return false;
    if (clock.now() < zombieLook) return true;
    zombieLook = clock.now() + ZOMBIE_POLL_MS;
    return !(await tartProcesses.isZombie(pid));
  };
}

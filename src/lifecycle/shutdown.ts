import type { App } from '../app.ts';
import { Interrupted, RustaError, ToolError } from '../errors.ts';
import { reasonOf, succeeded } from '../system/programs/command.ts';
import type { Detached } from '../system/programs/detached.ts';
import { asWord } from '../text/shell.ts';
import { findVm } from '../vm/resolve.ts';
import { verifiedPid } from '../vm/verified-pid.ts';
import { powerOffOwnedVm } from './power-off.ts';

/** Milliseconds for one request through the agent; after this, the power button is tried. */
const ASK_MS = 10_000;
/** Milliseconds before the next request: a guest that does not listen yet is asked again soon, one that has accepted gets its time. */
const ASK_AGAIN_MS = { refused: 2_000, accepted: 10_000 } as const;
const PROCESS_POLL_MS = 50;
const LIST_POLL_MS = 1_000;
const ZOMBIE_POLL_MS = 2_000;
const KILL_WAIT_MS = 5_000;
/** Milliseconds for a VM that rusta booted for a job: guests that finish their updates take a while. */
const OWNED_MS = 120_000;

/** A VM that is being stopped, and the process to watch. Without that only Tart knows whether the VM runs. */
interface Target {
  readonly vm: string;
  readonly pid: number | undefined;
}

/** The end of a graceful shutdown: `asked` means that the guest accepted the request and is still on. */
type Ending = { readonly how: 'off' } | { readonly how: 'asked' } | { readonly how: 'refused'; readonly reason: string };

/**
 * Asks the guest to shut down, again and again, and waits until it is off (D10, D28). Throws RustaError: with the --force hint after
 * `timeoutMs`, or if the VM is gone.
 */
export async function shutDown(app: App, vm: string, { timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
  const ending = await requestShutDown(app, vm, timeoutMs).catch((error: unknown) => {
    app.progress.end('stopped');
    if (error instanceof Interrupted) app.out.notice(`VM '${vm}' may go off all the same: 'rusta list' shows when it has.`);
    throw error;
  });
  if (ending.how === 'off') return;
  const what =
    ending.how === 'asked' ? `did not stop within ${timeoutMs / 1_000} s` : `did not take the request to shut down: ${ending.reason}`;
  throw new RustaError('shutdown_failed', `VM '${vm}' ${what}`, {
    hint: `Retry with --force, which cuts the power: rusta down ${asWord(vm)} --force`,
  });
}

/**
 * Shuts down a VM that rusta booted for a job that is done. If the guest has accepted but takes long, it is left to finish by itself, and
 * its power is not cut. Throws RustaError if the VM is gone.
 */
export async function shutDownOwned(app: App, vm: string, tartRun: Detached): Promise<void> {
  const ending = await requestShutDown(app, vm, OWNED_MS);
  if (ending.how === 'off') return;
  if (ending.how === 'asked') {
    tartRun.release();
    app.out.warn(`VM '${vm}' is still shutting down after ${OWNED_MS / 1_000} s and is left to it; 'rusta list' shows when it is off`);
    return;
  }
  app.out.warn(`VM '${vm}' did not take the request to shut down (${ending.reason}): it is switched off`);
  await powerOffOwnedVm(app, vm, tartRun);
}

async function requestShutDown(app: App, vm: string, timeoutMs: number): Promise<Ending> {
  const deadline = app.clock.now() + timeoutMs;
  const target: Target = { vm, pid: await verifiedPid(app, vm) };
  const finished = new AbortController();
  // The guest may accept the request long before it is off: an interrupt must end that wait too.
  const signal = AbortSignal.any([finished.signal, app.interrupt.signal]);
  const off = waitUntilOff(app, target, deadline, signal);
  const requests = { accepted: false, reason: 'the guest agent did not answer' };
  const asking = askUntil(app, target, { deadline, timeoutMs, signal, requests });
  try {
    const stopped = await Promise.race([off, asking.then(() => off)]);
    if (!stopped) return requests.accepted ? { how: 'asked' } : { how: 'refused', reason: requests.reason };
  } finally {
    finished.abort(new Error('the wait is over'));
    await Promise.allSettled([off, asking]);
  }
  app.pids.remove(vm, target.pid);
  return { how: 'off' };
}

interface Asking {
  readonly deadline: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The result of the requests so far. */
  readonly requests: { accepted: boolean; reason: string };
}

/** Asks the guest until the deadline: one that is just starting listens neither to the agent nor to the button. */
async function askUntil(app: App, target: Target, { deadline, timeoutMs, signal, requests }: Asking): Promise<void> {
  for (;;) {
    const refusal = await askGuest(app, target, Math.min(ASK_MS, timeoutMs / 2), signal);
    if (refusal === undefined) requests.accepted = true;
    else requests.reason = refusal;
    const pauseMs = refusal === undefined ? ASK_AGAIN_MS.accepted : ASK_AGAIN_MS.refused;
    if (app.clock.now() + pauseMs >= deadline) return;
    await app.clock.sleep(pauseMs, signal);
  }
}

/** Asks through the agent, else with the power button (SIGUSR2 to `tart run`). Returns why neither was possible. */
async function askGuest(app: App, target: Target, timeoutMs: number, signal: AbortSignal): Promise<string | undefined> {
  const answer = await app.tart.exec(target.vm, ['sudo', 'shutdown', '-h', 'now'], { timeoutMs, signal });
  // A guest that goes off during its answer breaks the connection, as it should.
  if (succeeded(answer) || /unavailable \(14\)|Transport became inactive/.test(answer.stderr)) return undefined;
  const reason = answer.timedOut ? 'the guest agent did not answer' : reasonOf(answer);
  app.out.trace(`shutdown through the agent failed: ${reason}`);
  return (await signalVerified(app, target, 'SIGUSR2')) ? undefined : reason;
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

/** Ends the process of a VM that Tart no longer lists, for which `tart stop` fails. Throws RustaError if it stays alive. */
export async function stopUnlisted(app: App, vm: string, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    if (!(await signalVerified(app, { vm, pid }, signal))) break;
    if (await waitUntilOff(app, { vm, pid }, app.clock.now() + KILL_WAIT_MS, app.interrupt.signal)) break;
  }
  if (app.processes.isAlive(pid)) throw new RustaError('shutdown_failed', `the process of VM '${vm}' (pid ${pid}) does not end`);
  app.pids.remove(vm, pid);
}

/** Sends a signal to the verified process. Returns false if that is gone, or its number was reused. */
async function signalVerified(app: App, { vm, pid }: Target, signal: NodeJS.Signals): Promise<boolean> {
  if (pid === undefined || !(await app.tartProcesses.isRunOf(vm, pid))) return false;
  return app.processes.signal(pid, signal);
}

/** Resolves with true once the VM is off, with false at the deadline. Watches the process if it is known, else asks Tart. */
async function waitUntilOff(app: App, { vm, pid }: Target, deadline: number, signal: AbortSignal): Promise<boolean> {
  // Throws RustaError for a VM that Tart no longer lists.
  const isListed = async () => findVm(await app.tart.list(), vm).status === 'running';
  const running = pid === undefined ? isListed : processWatch(app, pid);
  while (await running()) {
    const left = deadline - app.clock.now();
    if (left <= 0) return false;
    await app.clock.sleep(Math.min(pid === undefined ? LIST_POLL_MS : PROCESS_POLL_MS, left), signal);
  }
  return true;
}

/**
 * Returns a probe that tells whether the process still runs. It may have ended uncollected: its parent may be a rusta that was stopped
 * with Ctrl-Z.
 */
function processWatch({ processes, tartProcesses, clock }: App, pid: number): () => Promise<boolean> {
  let zombieLook = clock.now() + ZOMBIE_POLL_MS;
  return async () => {
    if (!processes.isAlive(pid)) return false;
    if (clock.now() < zombieLook) return true;
    zombieLook = clock.now() + ZOMBIE_POLL_MS;
    return !(await tartProcesses.isZombie(pid));
  };
}

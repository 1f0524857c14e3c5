import type { App } from '../app.ts';
import { RustaError, ToolError } from '../errors.ts';
import { lastLines } from '../text/lines.ts';
import { isTartRunOf } from '../tools/tart-process.ts';
import { findVm } from '../vm/resolve.ts';
import { trackedPid } from '../vm/tracked-pid.ts';

export type ShutdownContext = Pick<App, 'tart' | 'pids' | 'clock' | 'interrupt' | 'out' | 'runner' | 'processes'>;

/** The agent's answer is part of the time that the user gave; after this, the power button is tried. */
const ASK_MS = 10_000;
const PROCESS_POLL_MS = 50;
const LIST_POLL_MS = 1_000;
const KILL_WAIT_MS = 5_000;

/** Asks the guest to shut down and waits until it is off (design D10). Throws RustaError: with the --force hint after `timeoutMs`, 2 if the VM is gone. */
export async function shutDown(app: ShutdownContext, vm: string, timeoutMs: number): Promise<void> {
  const deadline = app.clock.now() + timeoutMs;
  const pid = await trackedPid(app, vm);
  const over = new AbortController();
  // The request may be answered long before the guest is off: an interrupt ends the wait for that too.
  const signal = AbortSignal.any([over.signal, app.interrupt.signal]);
  const off = waitUntilOff(app, vm, pid, deadline, signal);
  const asking = askGuest(app, vm, pid, Math.min(ASK_MS, timeoutMs / 2), signal);
  try {
    // A refusal ends the wait at once; an accepted request leaves it to `off`.
    const stopped = await Promise.race([off, asking.then(() => off)]);
    if (!stopped) throw notStopped(vm, `did not stop within ${timeoutMs / 1_000} s`);
  } finally {
    over.abort(new Error('the wait is over'));
    await Promise.allSettled([off, asking]);
  }
  app.pids.remove(vm, pid);
}

/** Cuts the power: `tart stop`, then the verified process. Throws RustaError if the VM runs still, 2 if it is gone. */
export async function forceOff(app: ShutdownContext, vm: string): Promise<void> {
  const pid = await trackedPid(app, vm);
  const failure = await app.tart.stop(vm).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ToolError) return error;
      throw error;
    },
  );
  const kill = () => signalTracked(app, vm, pid, 'SIGKILL');
  const isOff = (watched: number | undefined) => waitUntilOff(app, vm, watched, app.clock.now() + KILL_WAIT_MS, app.interrupt.signal);
  // `tart stop` took its time, and it also fails for a VM that went off by itself: then only Tart knows.
  let stopped = await isOff(failure === undefined || (await kill()) ? pid : undefined);
  // What ended well may have done nothing all the same.
  if (!stopped && failure === undefined && (await kill())) stopped = await isOff(pid);
  if (!stopped) throw new RustaError(`VM '${vm}' is still running: ${failure?.message ?? "'tart stop' ended well, but did not stop it"}`);
  app.pids.remove(vm, pid);
}

/** Through the agent, else with the power button (SIGUSR2 to `tart run`). */
async function askGuest(app: ShutdownContext, vm: string, pid: number | undefined, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const answer = await app.tart.exec(vm, ['sudo', 'shutdown', '-h', 'now'], { timeoutMs, signal });
  // A guest that goes off while it answers breaks the connection: that is the wanted end.
  const accepted = (answer.code === 0 && !answer.timedOut) || /unavailable \(14\)|Transport became inactive/.test(answer.stderr);
  if (accepted) return;
  const reason = answer.timedOut ? 'the guest agent did not answer' : (lastLines(answer.stderr, 1)[0] ?? `exit code ${answer.code}`);
  app.out.trace(`shutdown through the agent failed: ${reason}`);
  if (await signalTracked(app, vm, pid, 'SIGUSR2')) return;
  // Somebody else may have been faster.
  if (await isOn(app, vm)) throw notStopped(vm, `did not take the request to shut down: ${reason}`);
}

/** False if the process is gone, or another one has its number by now. */
async function signalTracked(app: ShutdownContext, vm: string, pid: number | undefined, signal: NodeJS.Signals): Promise<boolean> {
  if (pid === undefined || !(await isTartRunOf(vm, pid, app.runner, app.processes))) return false;
  return app.processes.signal(pid, signal);
}

/** Throws RustaError (exit 2) if the VM is gone. */
async function isOn(app: ShutdownContext, vm: string): Promise<boolean> {
  return findVm(await app.tart.list(), vm).status === 'running';
}

function notStopped(vm: string, what: string): RustaError {
  return new RustaError(`VM '${vm}' ${what}`, { hint: `Retry with --force, which cuts the power: rusta down ${vm} --force` });
}

/** True once the VM is off, false at the deadline. Watches the process where it is known, else asks Tart. */
async function waitUntilOff(
  app: ShutdownContext,
  vm: string,
  pid: number | undefined,
  deadline: number,
  signal: AbortSignal,
): Promise<boolean> {
  const running = async () => (pid === undefined ? isOn(app, vm) : app.processes.isAlive(pid));
  while (await running()) {
    const left = deadline - app.clock.now();
    if (left <= 0) return false;
    await app.clock.sleep(Math.min(pid === undefined ? LIST_POLL_MS : PROCESS_POLL_MS, left), signal);
  }
  return true;
}

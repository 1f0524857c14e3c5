import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { Detached } from '../system/detached.ts';
import { readIfExists } from '../system/files.ts';
import { isTartRunOf } from '../tools/processes.ts';
import { explainTart, lastLines } from '../tools/tart-messages.ts';
import { findVm } from './resolve.ts';
import { type Answer, WAITS, waitFor } from './waits.ts';

export type BootContext = Pick<App, 'tart' | 'pids' | 'paths' | 'clock' | 'interrupt' | 'env' | 'out' | 'runner' | 'processes'>;

const LOG_LINES = 5;
/**
 * A look that finds no agent sits in Tart's pause of a second before it tries again: it is given up by then, and others
 * look meanwhile. The bound grows with the wait, so that a slow host gets its answer too.
 */
const MIN_LOOK_MS = 500;
const LOOK_PAUSES = 5;
const LOOKS_AT_ONCE = 6;

/**
 * Starts `tart run` for a VM that is not running; the caller holds the VM's lock. undefined if one is on its way
 * already: its control socket must not be touched.
 */
export async function launch(app: BootContext, vm: string, graphics: boolean): Promise<Detached | undefined> {
  if ((await trackedPid(app, vm)) !== undefined) return undefined;
  const process = app.tart.run(vm, graphics, app.paths.runLog(vm));
  try {
    app.pids.write(vm, process.pid);
  } catch (error) {
    // Nobody would find it again. Its guest is milliseconds old: there is nothing to lose in it.
    process.kill('SIGKILL');
    await process.exited;
    throw error;
  }
  return process;
}

/** The pid on file if it still is this VM's `tart run`; a file that surely is stale is removed and nobody is signalled (design D5). */
export async function trackedPid(app: Pick<App, 'pids' | 'runner' | 'processes'>, vm: string): Promise<number | undefined> {
  const pid = app.pids.read(vm);
  const isIt = pid !== undefined && (await isTartRunOf(vm, pid, app.runner, app.processes));
  if (isIt === false) app.pids.remove(vm, pid);
  return isIt ? pid : undefined;
}

/** Waits for the guest agent; fails at once, with what Tart said, when the process or the VM ends before. */
export async function waitForAgent(app: BootContext, vm: string, process: Detached): Promise<void> {
  const watch = (over: AbortSignal) => watchProcess(app, vm, process, over);
  const look = async (signal: AbortSignal, pauseMs: number): Promise<Answer<true>> => {
    const timeoutMs = Math.max(MIN_LOOK_MS, pauseMs * LOOK_PAUSES);
    const { code, stderr, timedOut } = await app.tart.exec(vm, ['true'], { timeoutMs, signal });
    if (code === 0 && !timedOut) return { done: true };
    return { last: timedOut ? 'no answer' : (lastLines(stderr, 1)[0] ?? `exit code ${code}`) };
  };
  await waitFor(app, { wait: WAITS.agent, vm, look, looksAtOnce: LOOKS_AT_ONCE, watch, log: app.paths.runLog(vm) });
}

/** Rejects when the VM's process has ended, saying why; with exit code 2 if the VM is gone. Never resolves. */
export async function watchProcess(app: BootContext, vm: string, process: Detached, over: AbortSignal): Promise<never> {
  const code = await process.exited;
  if (over.aborted) return forever();
  // Tart also ends with 0 when the guest crashed (contract, trap 5): what counts is whether the VM runs.
  const { status } = findVm(await app.tart.list(), vm);
  if (code === 0 && status === 'running') return forever();
  app.pids.remove(vm, process.pid);
  throw bootFailure(vm, code, app.paths.runLog(vm));
}

function forever(): Promise<never> {
  return new Promise(() => {});
}

function bootFailure(vm: string, code: number, logFile: string): RustaError {
  const log = readIfExists(logFile) ?? '';
  const known = explainTart(log);
  const lines = lastLines(log, LOG_LINES);
  const ending = code === 0 ? 'the VM went off' : `'tart run' ended with exit code ${code}`;
  const reason = known?.message ?? lines.at(-1) ?? 'it printed nothing';
  const details = [...(known?.hint ? [known.hint] : []), ...lines.map((line) => `  | ${line}`), `Full log: ${logFile}`];
  return new RustaError(`VM '${vm}' did not start, ${ending}: ${reason}`, { hint: details.join('\n') });
}

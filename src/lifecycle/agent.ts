import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { FileError } from '../system/file-error.ts';
import { reasonOf, succeeded } from '../system/programs/command.ts';
import { explainTart } from '../tools/tart/messages.ts';
import { type FailWhen, type ProbeResult, WAITS, waitFor } from '../vm/waits/waits.ts';
import { settleIdentity } from './identity.ts';

/**
 * Shortest bound of a probe. `tart exec` retries only once a second while the agent is down: a probe is given up before that, and others
 * run beside it. The bound grows with the wait, so that a slow host can answer too.
 */
const MIN_PROBE_MS = 500;
const PROBE_PAUSES = 5;
const PARALLEL_PROBES = 6;

/** Waits until a guest can be used: its agent answers, and a copy has an identity of its own. Throws as the wait for the agent does. */
export async function waitForGuest(app: App, vm: string, pid: number, failWhen: FailWhen): Promise<void> {
  await waitForAgent(app, vm, failWhen);
  await settleIdentity(app, vm);
  noteReady(app, vm, pid);
}

/** Waits for the guest agent of a `tart run`. Fails at once, with what Tart said, if the process or the VM ends before. */
async function waitForAgent(app: App, vm: string, failWhen: FailWhen): Promise<void> {
  const probe = async (signal: AbortSignal, pauseMs: number): Promise<ProbeResult<true>> => {
    const timeoutMs = Math.max(MIN_PROBE_MS, pauseMs * PROBE_PAUSES);
    const result = await app.tart.exec(vm, ['true'], { timeoutMs, signal });
    if (succeeded(result)) return { value: true };
    const known = explainTart(result.stderr);
    if (known?.isFinal) throw new RustaError('host_unsupported', `VM '${vm}' runs, but ${known.message}`, { hint: known.hint });
    return { lastAnswer: result.timedOut ? 'no answer' : reasonOf(result) };
  };
  await waitFor(app, { wait: WAITS.agent, vm, probe, maxParallelProbes: PARALLEL_PROBES, failWhen, log: app.paths.runLog(vm) });
}

/** Records that the guest is ready, so that the next `up` need not ask. Best effort: the VM runs even if this cannot be written. */
function noteReady(app: Pick<App, 'pids' | 'out'>, vm: string, pid: number): void {
  const boot = app.pids.boot(vm, pid);
  if (boot === undefined || boot.ready || app.pids.read(vm) !== pid) return;
  try {
    app.pids.write(vm, pid, { ...boot, ready: true });
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    app.out.trace(error.message);
  }
}

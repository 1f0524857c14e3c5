import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { succeeded } from '../system/programs/command.ts';
import type { Detached } from '../system/programs/detached.ts';
import { lastLines } from '../text/lines.ts';
import { explainTart } from '../tools/tart-messages.ts';
import { type ProbeResult, WAITS, waitFor } from '../vm/waits.ts';
import { failWhenStopped } from './boot.ts';

/**
 * `tart exec` retries only once a second while the agent is down. A probe is given up before that, and others run beside
 * it. The bound grows with the wait, so that a slow host gets its answer too.
 */
const MIN_PROBE_MS = 500;
const PROBE_PAUSES = 5;
const PARALLEL_PROBES = 6;

/** Waits for the guest agent; fails at once, with what Tart said, when the process or the VM ends before. */
export async function waitForAgent(app: App, vm: string, tartRun: Detached): Promise<void> {
  const probe = async (signal: AbortSignal, pauseMs: number): Promise<ProbeResult<true>> => {
    const timeoutMs = Math.max(MIN_PROBE_MS, pauseMs * PROBE_PAUSES);
    const result = await app.tart.exec(vm, ['true'], { timeoutMs, signal });
    if (succeeded(result)) return { value: true };
    const known = explainTart(result.stderr);
    if (known?.isFinal) throw new RustaError('host_unsupported', `VM '${vm}' runs, but ${known.message}`, { hint: known.hint });
    return { lastAnswer: result.timedOut ? 'no answer' : (lastLines(result.stderr, 1)[0] ?? `exit code ${result.code}`) };
  };
  await waitFor(app, {
    wait: WAITS.agent,
    vm,
    probe,
    maxParallelProbes: PARALLEL_PROBES,
    failWhen: (finished) => failWhenStopped(app, vm, tartRun, finished),
    log: app.paths.runLog(vm),
  });
}

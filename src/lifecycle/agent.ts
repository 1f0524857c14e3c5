import type { Detached } from '../system/programs/detached.ts';
import { lastLines } from '../text/lines.ts';
import { type Answer, WAITS, waitFor } from '../vm/waits.ts';
import { type BootContext, watchProcess } from './boot.ts';

/**
 * A look that finds no agent sits in Tart's pause of a second before it tries again: it is given up by then, and others
 * look meanwhile. The bound grows with the wait, so that a slow host gets its answer too.
 */
const MIN_LOOK_MS = 500;
const LOOK_PAUSES = 5;
const LOOKS_AT_ONCE = 6;

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

import type { Timing } from '../knobs.ts';
import type { Context } from './context.ts';

const LOOK_MS = 20;

/** Waits for as long as the knobs say now, not as they said at the beginning: a test ends a pause by turning them. */
export async function pause(context: Context, length: (timing: Timing) => number, isCutShort: () => boolean = () => false): Promise<void> {
  const began = performance.now();
  for (;;) {
    const left = length(context.knobs().timing) - (performance.now() - began);
    if (left <= 0 || isCutShort()) return;
    await Bun.sleep(Math.min(left, LOOK_MS));
  }
}

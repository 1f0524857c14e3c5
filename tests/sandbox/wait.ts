/** How long a test waits for one thing that must come. Far more than a machine under load takes: only a test that fails waits so long. */
export const PATIENCE_MS = 60_000;
/** For a whole test of several such things. */
export const TEST_MS = 300_000;

const SHORTEST_PAUSE_MS = 5;
/** Of the time, so much at most is spent on looking: some looks read all of /proc, and what is awaited needs the processor too. */
const LOOKING = 1 / 5;

/** Looks again and again until it is so; rejects with what was awaited and what was there instead. */
export async function waitUntil(
  what: string,
  isSo: () => boolean,
  timeoutMs = PATIENCE_MS,
  instead: () => string = () => '',
): Promise<void> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    const began = performance.now();
    if (isSo()) return;
    const now = performance.now();
    if (now > until) throw new Error(`waited ${timeoutMs} ms for ${what}; ${instead()}`);
    await Bun.sleep(Math.max(SHORTEST_PAUSE_MS, (now - began) * (1 / LOOKING - 1)));
  }
}

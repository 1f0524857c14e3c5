/** All times are milliseconds. Injected so that tests decide what time it is. */
export interface Clock {
  /** Monotonic, only differences mean anything. */
  now(): number;
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/** True if the promise settles within `ms`; its value and its error stay its own. Rejects with the signal's reason. */
export async function settlesWithin(clock: Clock, promise: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<boolean> {
  const over = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const expired = clock.sleep(ms, signal ? AbortSignal.any([over.signal, signal]) : over.signal).then(() => false);
  try {
    return await Promise.race([settled, expired]);
  } finally {
    // A timer left behind would keep rusta from ending.
    over.abort(new Error('settled'));
    expired.catch(() => {});
  }
}

/** Calls again and again what `begin` returned, from the first start to the stop; to be started or stopped twice changes nothing. */
export function createTicker(clock: Clock, pauseMs: number, begin: () => () => void): { start(): void; stop(): void } {
  let ticking: AbortController | undefined;
  const run = async (signal: AbortSignal) => {
    const tick = begin();
    while (!signal.aborted) {
      await clock.sleep(pauseMs, signal).catch(() => {});
      if (!signal.aborted) tick();
    }
  };
  return {
    start() {
      if (ticking !== undefined) return;
      ticking = new AbortController();
      void run(ticking.signal);
    },
    stop() {
      ticking?.abort();
      ticking = undefined;
    },
  };
}

export interface TimeLimit extends Disposable {
  /** Aborted once the time is over. */
  readonly signal: AbortSignal;
}

/** A time that is over after so many milliseconds, or never; disposed of, it does not end any more. */
export function limitTime(clock: Clock, ms: number | undefined): TimeLimit {
  const over = new AbortController();
  const disposed = new AbortController();
  if (ms !== undefined) {
    clock.sleep(ms, disposed.signal).then(
      () => over.abort(),
      () => {},
    );
  }
  return { signal: over.signal, [Symbol.dispose]: () => disposed.abort() };
}

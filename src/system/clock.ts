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

/** Resolves with true if the promise settles within `ms`; its value and its error are ignored. Rejects with the signal's reason. */
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

/** Returns a ticker that calls what `begin` returned again and again, from `start` to `stop`. A second `start` or `stop` changes nothing. */
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

/** Limits a time to so many milliseconds; undefined means no limit. Once disposed of, it no longer ends. */
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

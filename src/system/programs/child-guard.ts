import { SIGNAL_DELIVERY_MS } from './exit-code.ts';

/** Milliseconds from the polite signal to SIGKILL. */
const KILL_AFTER_MS = 5_000;

export interface GuardOptions {
  /** Milliseconds until the child is stopped. */
  readonly timeoutMs: number;
  /** How it is asked to end. */
  readonly stopSignal: 'SIGINT' | 'SIGTERM';
  /** Further signals that stop it. */
  readonly signals: readonly AbortSignal[];
}

/** Watches over a child until it is disposed of: asks it to end in time or when told, and kills it if it does not. */
export interface ChildGuard extends Disposable {
  readonly timedOut: boolean;
  stop(): void;
}

type Child = Pick<Bun.Subprocess, 'kill' | 'exitCode' | 'signalCode'>;

export function guardChild(child: Child, { timeoutMs, stopSignal, signals }: GuardOptions): ChildGuard {
  let timedOut = false;
  let killTimer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    child.kill(stopSignal);
    killTimer ??= setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  const expire = () => {
    // After a pause of rusta itself (Ctrl-Z, a closed lid) the timer fires before the end of the program is reported.
    limit = setTimeout(() => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      timedOut = true;
      stop();
    }, SIGNAL_DELIVERY_MS);
  };
  let limit = setTimeout(expire, timeoutMs);
  for (const signal of signals) signal.addEventListener('abort', stop);
  return {
    get timedOut() {
      return timedOut;
    },
    stop,
    [Symbol.dispose]() {
      clearTimeout(limit);
      clearTimeout(killTimer);
      for (const signal of signals) signal.removeEventListener('abort', stop);
    },
  };
}

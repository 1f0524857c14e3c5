import { Interrupted, type StopSignal } from '../errors.ts';
import type { IgnorableSignal } from './ignored-signals.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupt {
  /** Aborted with `Interrupted` by the first stop signal; inside `shield`, by the second. A repeated HUP does not count. */
  readonly signal: AbortSignal;
  /** Runs clean-up that the signal being handled must not cut short; a further signal may. */
  shield<T>(work: () => Promise<T>): Promise<T>;
  /** The signal that has arrived, if any. */
  readonly received: Interrupted | undefined;
}

export interface InterruptSources {
  /** Signals that were ignored when rusta was started: a handler would undo `nohup`. */
  readonly ignored: readonly IgnorableSignal[];
  /** Calls the listener once when nobody reads standard output any more. */
  readonly onReaderGone: (listener: () => void) => void;
}

/** Listens for signals and a lost reader, for the rest of the process's life. */
export function listenForInterrupts({ ignored, onReaderGone }: InterruptSources): Interrupt {
  const first = new AbortController();
  const second = new AbortController();
  let received: Interrupted | undefined;
  let shields = 0;
  const hear = (name: StopSignal) => {
    if (received === undefined) {
      received = new Interrupted(name);
      first.abort(received);
      return;
    }
    // When a terminal closes under a shell, HUP comes twice: from the kernel and from the shell. And the first signal is why the reader has gone.
    if (name === 'SIGPIPE' || (name === 'SIGHUP' && received.signal === 'SIGHUP')) return;
    second.abort(new Interrupted(name));
  };
  for (const name of SIGNALS) {
    if (!ignored.includes(name)) process.on(name, () => hear(name));
  }
  onReaderGone(() => hear('SIGPIPE'));
  return {
    get signal() {
      return shields > 0 ? second.signal : first.signal;
    },
    get received() {
      return received;
    },
    async shield(work) {
      shields += 1;
      try {
        return await work();
      } finally {
        shields -= 1;
      }
    },
  };
}

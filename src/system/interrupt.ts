import { Interrupted, type StopSignal } from '../errors.ts';

const SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export interface Interrupt {
  /** Aborted with `Interrupted` by the first INT, TERM or HUP; while shielded only by the next one, of which a repeated HUP is none. */
  readonly signal: AbortSignal;
  /** Runs clean-up that the signal being handled must not cut short; a further signal does. */
  shield<T>(work: () => Promise<T>): Promise<T>;
  /** The signal that has arrived, if any. */
  readonly received: Interrupted | undefined;
}

/** Listens for the stop signals for the rest of the process's life. */
export function listenForInterrupts(): Interrupt {
  const first = new AbortController();
  const second = new AbortController();
  let received: Interrupted | undefined;
  let shields = 0;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (received === undefined) {
        received = new Interrupted(name);
        first.abort(received);
        return;
      }
      // A terminal that is closed under a shell hangs up twice: the kernel says so, then the shell.
      if (name === 'SIGHUP' && received.signal === 'SIGHUP') return;
      second.abort(new Interrupted(name));
    });
  }
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

import type { App } from '../../app.ts';
import { awaited, type FailWhen, pauseAfter, timedOut, type Wait } from './waits.ts';

export interface PatienceOptions {
  readonly wait: Wait;
  readonly vm: string;
  readonly failWhen?: FailWhen | undefined;
}

/** The wait of a caller that tries a program again and again, whose success may last for hours. */
export interface Patience extends Disposable {
  /** Returns the milliseconds since it began. */
  elapsedMs(): number;
  /** Pauses before the next try. Throws RustaError when the time is over, what `failWhen` rejects with, or Interrupted. */
  pause(lastAnswer: string): Promise<void>;
}

/** Begins a wait in which the caller probes by itself: `waitFor` would end a probe that takes longer than the wait. */
export function beginPatience(app: Pick<App, 'clock' | 'interrupt' | 'timeouts' | 'progress'>, options: PatienceOptions): Patience {
  const started = app.clock.now();
  const timeoutMs = app.timeouts.of(options.wait);
  const finished = new AbortController();
  const signal = AbortSignal.any([finished.signal, app.interrupt.signal]);
  const failing = options.failWhen?.(signal);
  failing?.catch(() => {}); // said by the next pause
  let refusal: string | undefined;
  const shown = app.progress.waiting(awaited(options, () => refusal));
  const elapsedMs = () => app.clock.now() - started;
  return {
    elapsedMs,
    async pause(lastAnswer) {
      const elapsed = elapsedMs();
      if (elapsed >= timeoutMs) throw timedOut(options, elapsed, lastAnswer);
      refusal = lastAnswer;
      // Many commands that were refused together must not try again together.
      const pauseMs = pauseAfter(options.wait, elapsed) * (0.5 + Math.random());
      const pausing = app.clock.sleep(Math.min(pauseMs, timeoutMs - elapsed), signal);
      await (failing === undefined ? pausing : Promise.race([pausing, failing]));
    },
    [Symbol.dispose]() {
      shown[Symbol.dispose]();
      finished.abort(new Error('the wait is over'));
    },
  };
}

import { elapsed } from '../text/elapsed.ts';
import type { LiveText } from './live-line.ts';

export interface Awaited {
  /** What is awaited, such as `the guest agent`. */
  readonly what: string;
  /** Whose it is, such as `VM 'lab'`. */
  readonly of: string;
  /** Returns what the last probe found; undefined before the first. */
  readonly lastAnswer?: () => string | undefined;
}

/** The work that is shown: at most one step, and the waits in it or without one, the latest last. Times are the clock's milliseconds. */
export interface Scene {
  step: { readonly title: string; readonly since: number; detail: string } | undefined;
  readonly waits: { readonly awaited: Awaited; readonly since: number }[];
}

/** Milliseconds that a wait outside of a step must last to be shown: a shorter line would only flicker. */
const UNSEEN_MS = 1_000;

/** Returns the last line of a terminal; undefined if there is nothing to show. Pure. */
export function liveText({ step, waits }: Scene, now: number): LiveText | undefined {
  const wait = waits.at(-1);
  if (wait !== undefined && (step !== undefined || now - wait.since >= UNSEEN_MS)) {
    const { what, of, lastAnswer } = wait.awaited;
    const answer = lastAnswer?.();
    return { time: elapsed(now - wait.since), title: `Waiting for ${what}`, detail: answer === undefined ? of : `${of}: ${answer}` };
  }
  return step && { time: elapsed(now - step.since), title: step.title, detail: step.detail };
}

/** Returns the line that tells those without a live line what still goes on. Pure. */
export function stillText({ step, waits }: Scene, now: number): string {
  const wait = waits.at(-1);
  if (wait !== undefined) {
    const { what, of, lastAnswer } = wait.awaited;
    const answer = lastAnswer?.();
    return `... still waiting for ${what} of ${of} (${elapsed(now - wait.since)})${answer === undefined ? '' : `; last answer: ${answer}`}`;
  }
  if (step === undefined) return '... still at work';
  return `... still at it: ${step.title} (${elapsed(now - step.since)})${step.detail === '' ? '' : `; ${step.detail}`}`;
}

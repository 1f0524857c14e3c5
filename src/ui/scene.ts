import { elapsed } from '../text/elapsed.ts';
import type { LiveText } from './live-line.ts';

export interface Awaited {
  /** What is awaited, such as `the guest agent`. */
  readonly what: string;
  /** Of whom, such as `VM 'lab'`. */
  readonly of: string;
  /** What the last look at it found; undefined before there was one. */
  readonly lastAnswer?: () => string | undefined;
}

/** What goes on: at most one step, and what is awaited in it or without one, the latest last. Times are the clock's milliseconds. */
export interface Scene {
  step: { readonly title: string; readonly since: number; detail: string } | undefined;
  readonly waits: { readonly awaited: Awaited; readonly since: number }[];
}

/** A wait outside of a step that is shorter than this is not worth a line that comes and goes. Milliseconds. */
const UNSEEN_MS = 1_000;

/** Returns the last line of a terminal, undefined where there is nothing to show. Pure. */
export function liveText({ step, waits }: Scene, now: number): LiveText | undefined {
  const wait = waits.at(-1);
  if (wait !== undefined && (step !== undefined || now - wait.since >= UNSEEN_MS)) {
    const { what, of, lastAnswer } = wait.awaited;
    const answer = lastAnswer?.();
    return { time: elapsed(now - wait.since), title: `Waiting for ${what}`, detail: answer === undefined ? of : `${of}: ${answer}` };
  }
  return step && { time: elapsed(now - step.since), title: step.title, detail: step.detail };
}

/** Returns the line that says what still goes on, for those who see no live line. Pure. */
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

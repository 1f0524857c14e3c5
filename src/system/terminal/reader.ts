import type { Stdio } from './stdio.ts';

/** A reader that has gone is noticed within this, also while nothing is printed. Milliseconds. */
const LOOK_MS = 200;

/** Calls `onGone` once when the reader of standard output has gone (`| head -1`). Does not keep rusta from ending. */
export function watchReader(stdio: Pick<Stdio, 'hasLostReader'>, onGone: () => void): void {
  const timer = setInterval(() => {
    if (!stdio.hasLostReader(1)) return;
    clearInterval(timer);
    onGone();
  }, LOOK_MS);
  timer.unref();
}

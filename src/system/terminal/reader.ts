import type { Stdio } from './stdio.ts';

/** Milliseconds within which a lost reader is noticed, even while nothing is printed. */
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

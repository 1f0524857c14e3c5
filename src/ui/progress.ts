import type { Clock } from '../system/clock.ts';
import { elapsed } from '../text/elapsed.ts';
import type { Output } from './output.ts';

/** A list of steps, one after the other. On a terminal the running one is redrawn in place; else each is one line. */
export interface Progress {
  /** The step that begins; the one before it went well. */
  step(title: string): void;
  /** The latest word of the running step; only a terminal shows it. */
  detail(text: string): void;
  /** No step runs any more. To be called whatever happens, else the line stays and rusta does not end. */
  end(outcome: 'done' | 'stopped'): void;
}

/** Often enough for a clock of seconds and for a reader's eye; programs print hundreds of lines a second. Milliseconds. */
const REDRAW_MS = 200;

export function createProgress(out: Output, clock: Clock): Progress {
  return out.live === undefined ? plainProgress(out) : liveProgress(out, out.live, clock);
}

function plainProgress(out: Output): Progress {
  return { step: (title) => out.step(title), detail: () => {}, end: () => {} };
}

function liveProgress(out: Output, live: NonNullable<Output['live']>, clock: Clock): Progress {
  let running: { readonly title: string; readonly since: number; detail: string } | undefined;
  let ticking: AbortController | undefined;
  const draw = () => {
    if (running === undefined) return;
    live({ title: `${running.title} (${elapsed(clock.now() - running.since)})`, detail: running.detail });
  };
  const tick = async (over: AbortSignal) => {
    while (!over.aborted) {
      draw();
      await clock.sleep(REDRAW_MS, over).catch(() => {});
    }
  };
  const close = (outcome: 'done' | 'stopped') => {
    if (running === undefined) return;
    live(undefined);
    const took = elapsed(clock.now() - running.since);
    if (outcome === 'done') out.ok(`${running.title} (${took})`);
    else out.step(`${running.title} (stopped after ${took})`);
    running = undefined;
  };
  return {
    step(title) {
      close('done');
      out.log(`==> ${title}`);
      running = { title, since: clock.now(), detail: '' };
      if (ticking === undefined) {
        ticking = new AbortController();
        void tick(ticking.signal);
      } else draw();
    },
    detail(text) {
      if (running !== undefined) running.detail = text;
    },
    end(outcome) {
      close(outcome);
      ticking?.abort();
      ticking = undefined;
    },
  };
}

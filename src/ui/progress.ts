import { type Clock, createTicker } from '../system/clock.ts';
import { elapsed } from '../text/elapsed.ts';
import type { Output } from './output.ts';
import { type Awaited, liveText, type Scene, stillText } from './scene.ts';

/**
 * Shows the steps of the work, one after the other, and its waits. A terminal shows them in its last line, with the seconds; elsewhere
 * each step is one line, and a line breaks a long silence.
 */
export interface Progress {
  /** Begins a step, and ends the one before it well. */
  step(title: string): void;
  /** Runs a step to its end. Its last line says `done`, or else its title. */
  during<T>(title: string, work: () => Promise<T>, done?: string): Promise<T>;
  /** Ends the running step well, with a message of its own; without a step it prints a line `[ok]`. */
  ok(message: string): void;
  /** Sets the latest word of the running step, for a terminal and for the line that breaks a silence. */
  detail(text: string): void;
  /** Shows a wait until it is disposed of. */
  waiting(awaited: Awaited): Disposable;
  /** Ends the running step, and leaves the terminal to others until it is disposed of. */
  stepAside(): Disposable;
  /** Ends the running step, which went well or was cut short. */
  end(outcome: 'done' | 'stopped'): void;
}

/** Milliseconds between redraws: enough for a clock of seconds and for the eye, while programs print hundreds of lines a second. */
const REDRAW_MS = 200;
/** Milliseconds of silence before a line says that the work goes on: a log of CI must not look dead. */
const SILENCE_MS = 30_000;
const SILENCE_LOOK_MS = 1_000;

export function createProgress(out: Output, clock: Clock): Progress {
  const scene: Scene = { step: undefined, waits: [] };
  const { live } = out;
  const ticker =
    live === undefined
      ? createTicker(clock, SILENCE_LOOK_MS, () => breakSilence(out, clock, scene))
      : createTicker(clock, REDRAW_MS, () => () => live(liveText(scene, clock.now())));
  let others = 0;
  const refresh = () => {
    const isShown = others === 0 && (scene.step !== undefined || scene.waits.length > 0);
    if (isShown) ticker.start();
    else ticker.stop();
    live?.(isShown ? liveText(scene, clock.now()) : undefined);
  };
  /** Removes the running step, and says how it ended. */
  const close = (say: (title: string, took: string) => void) => {
    const { step } = scene;
    scene.step = undefined;
    live?.(undefined);
    if (step !== undefined) say(step.title, elapsed(clock.now() - step.since));
    refresh();
  };
  const end: Progress['end'] = (outcome) => {
    close((title, took) => {
      if (live === undefined) return;
      if (outcome === 'done') out.ok(`${title} (${took})`);
      else out.step(`${title} (stopped after ${took})`);
    });
  };
  const ok: Progress['ok'] = (message) => {
    if (scene.step === undefined || live === undefined) out.ok(message);
    close((_, took) => {
      if (live !== undefined) out.ok(`${message} (${took})`);
    });
  };
  const step: Progress['step'] = (title) => {
    end('done');
    scene.step = { title, since: clock.now(), detail: '' };
    if (live === undefined) out.step(title);
    else out.log(`==> ${title}`);
    refresh();
  };
  return {
    step,
    ok,
    end,
    async during(title, work, done) {
      step(title);
      try {
        const result = await work();
        if (done === undefined) end('done');
        else ok(done);
        return result;
      } finally {
        end('stopped');
      }
    },
    detail(text) {
      if (scene.step !== undefined) scene.step.detail = text;
    },
    stepAside() {
      end('done');
      others += 1;
      refresh();
      return {
        [Symbol.dispose]() {
          others -= 1;
          refresh();
        },
      };
    },
    waiting(awaited) {
      const wait = { awaited, since: clock.now() };
      scene.waits.push(wait);
      refresh();
      return {
        [Symbol.dispose]() {
          scene.waits.splice(scene.waits.indexOf(wait), 1);
          refresh();
        },
      };
    },
  };
}

/** Returns a function that prints a line if nothing was printed for long since now. */
function breakSilence(out: Output, clock: Clock, scene: Scene): () => void {
  let printed = out.printed();
  let since = clock.now();
  return () => {
    const isSilent = out.printed() === printed;
    if (isSilent && clock.now() - since < SILENCE_MS) return;
    if (isSilent) out.notice(stillText(scene, clock.now()));
    printed = out.printed();
    since = clock.now();
  };
}

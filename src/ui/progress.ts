import { type Clock, createTicker } from '../system/clock.ts';
import { elapsed } from '../text/elapsed.ts';
import type { Output } from './output.ts';
import { type Awaited, liveText, type Scene, stillText } from './scene.ts';

/**
 * Shows what goes on: steps, one after the other, and what is awaited. A terminal has it in its last line, with the seconds; elsewhere each
 * step is one line, and silence is broken.
 */
export interface Progress {
  /** Begins a step; the one before it went well. */
  step(title: string): void;
  /** Runs a step to its end. Its last line says `done`, or else its title. */
  during<T>(title: string, work: () => Promise<T>, done?: string): Promise<T>;
  /** Ends the running step well, in words of its own; without one it is just a line `[ok]`. */
  ok(message: string): void;
  /** The latest word of the running step, for a terminal, and for the line that breaks a silence. */
  detail(text: string): void;
  /** Shows what is awaited, until it is disposed of. */
  waiting(awaited: Awaited): Disposable;
  /** Leaves the terminal to others until it is disposed of; the running step is over. */
  stepAside(): Disposable;
  /** No step runs any more. The running one went well, or was cut short. */
  end(outcome: 'done' | 'stopped'): void;
}

/** Often enough for a clock of seconds and for a reader's eye; programs print hundreds of lines a second. Milliseconds. */
const REDRAW_MS = 200;
/** So long nothing is printed before a line says that it goes on: what CI shows must not look dead. Milliseconds. */
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
  /** Takes the running step off, and says how it ended. */
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

/** Returns what prints a line where nothing has been printed for long since now. */
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

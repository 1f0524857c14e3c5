import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';

/** Spec 6.1. Milliseconds. */
export interface Wait {
  /** What is awaited, as the message names it. */
  readonly what: string;
  /** The longest pause between two looks. */
  readonly cadenceMs: number;
  readonly capMs: number;
  /** Sets the cap in seconds. */
  readonly variable?: string | undefined;
  /** The next command to try; `<vm>` stands for its name. */
  readonly hint: string;
}

export const WAITS = {
  /** One image of one source: token, pages and retries together. */
  registry: { what: 'the registry', cadenceMs: 0, capMs: 20_000, variable: 'RUSTA_REGISTRY_TIMEOUT', hint: '' },
  agent: {
    what: 'the guest agent',
    cadenceMs: 2_000,
    capMs: 120_000,
    variable: 'RUSTA_AGENT_TIMEOUT',
    hint: "The image must run the Tart guest agent. Look at it with 'rusta down <vm> --force && rusta up <vm> --graphical'; slow hosts can raise RUSTA_AGENT_TIMEOUT.",
  },
  ip: {
    what: 'an IP address',
    cadenceMs: 2_000,
    capMs: 120_000,
    variable: 'RUSTA_IP_TIMEOUT',
    hint: "Try 'rusta ip <vm>' in a while, or restart the guest: 'rusta down <vm> && rusta up <vm>'.",
  },
  /** A courtesy of `up`, not its task: its expiry is not told as an error. */
  ipAfterUp: { what: 'an IP address', cadenceMs: 2_000, capMs: 10_000, variable: 'RUSTA_IP_TIMEOUT', hint: '' },
  /** Spec 4.8: `rusta ip` waits up to 60 s. */
  ipQuery: {
    what: 'an IP address',
    cadenceMs: 2_000,
    capMs: 60_000,
    variable: 'RUSTA_IP_TIMEOUT',
    hint: "The guest has no lease yet. Try again, or restart the guest: 'rusta down <vm> && rusta up <vm>'.",
  },
  /** Not polled: the script's own bound. A desktop on a slow line takes an hour. */
  provision: { what: 'the provisioning script', cadenceMs: 0, capMs: 3 * 3_600_000, variable: 'RUSTA_PROVISION_TIMEOUT', hint: '' },
  ssh: {
    what: 'the SSH server',
    cadenceMs: 3_000,
    capMs: 120_000,
    variable: 'RUSTA_SSH_TIMEOUT',
    hint: "Is sshd running in the guest? 'tart exec <vm> systemctl status ssh' tells.",
  },
} as const satisfies Record<string, Wait>;

/** One look: what was awaited, or what the look said instead. */
export type Answer<T> = { readonly done: T } | { readonly last: string };

/** Rejects when there is nothing left to wait for; the signal says that the wait is over. */
export type Watch = (over: AbortSignal) => Promise<never>;

export interface WaitOptions<T> {
  readonly wait: Wait;
  readonly vm: string;
  /** Takes one look. `pauseMs` grows with the time waited: a bound for looks that may hang. */
  readonly look: (signal: AbortSignal, pauseMs: number) => Promise<Answer<T>>;
  /** For looks that may hang: how many may be under way together. */
  readonly looksAtOnce?: number;
  readonly watch?: Watch | undefined;
  /** Where to read more, if there is a log. */
  readonly log?: string | undefined;
}

const FIRST_PAUSE_MS = 100;
/** A pause is at most this part of the time waited already: short waits stay precise, long ones cheap. */
const PAUSE_SHARE = 0.05;
/** A wait this long says what it waits for, and again after each such time. */
const NOTICE_EVERY_MS = 15_000;

/**
 * Looks at once, then again and again until the answer is there. Throws RustaError on expiry, what `watch` rejects with,
 * or Interrupted.
 */
export async function waitFor<T>(app: Pick<App, 'clock' | 'interrupt' | 'env' | 'out'>, options: WaitOptions<T>): Promise<T> {
  const started = app.clock.now();
  const capMs = capOf(options.wait, app.env);
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, app.interrupt.signal]);
  const found = Promise.withResolvers<T>();
  let looking = 0;
  let last = 'none';
  const lookOnce = async (pauseMs: number) => {
    looking += 1;
    try {
      const answer = await options.look(signal, pauseMs);
      if ('done' in answer) found.resolve(answer.done);
      else last = answer.last;
    } catch (error) {
      // Looks that the end of the wait cut short have nothing to say.
      if (!over.signal.aborted) found.reject(error);
    } finally {
      looking -= 1;
    }
  };
  const loop = async (): Promise<never> => {
    for (let notices = 1; ; ) {
      const elapsed = app.clock.now() - started;
      if (elapsed >= capMs) throw expired(options, elapsed, last);
      if (elapsed >= notices * NOTICE_EVERY_MS) {
        app.out.notice(
          `... still waiting for ${options.wait.what} of VM '${options.vm}' (${Math.round(elapsed / 1_000)} s); last answer: ${last}`,
        );
        notices += 1;
      }
      const pauseMs = Math.min(Math.max(elapsed * PAUSE_SHARE, FIRST_PAUSE_MS), options.wait.cadenceMs);
      if (looking < (options.looksAtOnce ?? 1)) void lookOnce(pauseMs);
      await app.clock.sleep(Math.min(pauseMs, capMs - elapsed), signal);
    }
  };
  const watching = options.watch === undefined ? [] : [options.watch(signal)];
  try {
    return await Promise.race([found.promise, loop(), ...watching]);
  } finally {
    over.abort(new Error('the wait is over'));
  }
}

/** Milliseconds. Throws RustaError for a variable that is not a positive number of seconds. */
export function capOf(wait: Wait, env: App['env']): number {
  const text = wait.variable === undefined ? undefined : env[wait.variable];
  if (text === undefined || text === '') return wait.capMs;
  const seconds = Number(text);
  if (!Number.isFinite(seconds) || seconds <= 0) throw new RustaError(`${wait.variable} is '${text}', not a number of seconds above 0`);
  return seconds * 1_000;
}

function expired<T>(options: WaitOptions<T>, elapsedMs: number, last: string): RustaError {
  const { wait, vm, log } = options;
  const where = log === undefined ? '' : ` Its log: ${log}`;
  return new RustaError(`waited ${Math.round(elapsedMs / 1_000)} s for ${wait.what} of VM '${vm}'; last answer: ${last}.${where}`, {
    hint: wait.hint.replaceAll('<vm>', vm),
  });
}

import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import type { Timeout } from '../../system/timeouts.ts';
import type { Awaited } from '../../ui/scene.ts';

/** A wait for something that is asked for again and again until it is there. Milliseconds. (spec 6.1) */
export interface Wait extends Timeout {
  /** The awaited thing, as messages name it. */
  readonly description: string;
  /** The longest pause between two probes. */
  readonly maxIntervalMs: number;
  /** The next command to try; `<vm>` stands for the VM's name. */
  readonly hint: string;
}

export const WAITS = {
  agent: {
    description: 'the guest agent',
    maxIntervalMs: 2_000,
    timeoutMs: 120_000,
    timeoutVariable: 'RUSTA_AGENT_TIMEOUT',
    hint: "The image must run the Tart guest agent. Look at it with 'rusta down <vm> --force && rusta up <vm> --graphical'; slow hosts can raise RUSTA_AGENT_TIMEOUT. 'rusta doctor <vm>' says what else may be wrong.",
  },
  ip: {
    description: 'an IP address',
    maxIntervalMs: 2_000,
    timeoutMs: 120_000,
    timeoutVariable: 'RUSTA_IP_TIMEOUT',
    hint: "Try 'rusta ip <vm>' in a while, or restart the guest: 'rusta down <vm> && rusta up <vm>'. 'rusta doctor <vm>' says whether this Mac has addresses left.",
  },
  /** `up` prints the address if it comes in time; a timeout here is not an error. */
  ipAfterUp: { description: 'an IP address', maxIntervalMs: 2_000, timeoutMs: 10_000, timeoutVariable: 'RUSTA_IP_TIMEOUT', hint: '' },
  /** `rusta ip` waits up to 60 s. (spec 4.8) */
  ipQuery: {
    description: 'an IP address',
    maxIntervalMs: 2_000,
    timeoutMs: 60_000,
    timeoutVariable: 'RUSTA_IP_TIMEOUT',
    hint: "The guest has no lease yet. Try again, or restart the guest: 'rusta down <vm> && rusta up <vm>'. macOS has 253 leases and keeps each for a day: 'rusta doctor <vm>' says whether any is left.",
  },
  ssh: {
    description: 'the SSH server',
    maxIntervalMs: 3_000,
    timeoutMs: 120_000,
    timeoutVariable: 'RUSTA_SSH_TIMEOUT',
    hint: "Is sshd running in the guest? 'tart exec <vm> systemctl status ssh' tells, 'rusta doctor <vm>' whether the way to it is closed.",
  },
} as const satisfies Record<string, Wait>;

/** Bounds of single programs and requests, which are not polled. */
export const TIMEOUTS = {
  /** One image of one source: token, pages and retries together. */
  registry: { timeoutMs: 20_000, timeoutVariable: 'RUSTA_REGISTRY_TIMEOUT' },
  /** The provisioning script: a desktop on a slow line takes an hour. */
  provision: { timeoutMs: 3 * 3_600_000, timeoutVariable: 'RUSTA_PROVISION_TIMEOUT' },
} as const satisfies Record<string, Timeout>;

/** The result of one probe: the awaited value, or the answer in its place. */
export type ProbeResult<T> = { readonly value: T } | { readonly lastAnswer: string };

/** Rejects when waiting longer makes no sense. The signal is aborted when the wait is over. */
export type FailWhen = (finished: AbortSignal) => Promise<never>;

export interface WaitOptions<T> {
  readonly wait: Wait;
  readonly vm: string;
  /** Asks once. `pauseMs` grows with the time waited, and bounds probes that may hang. */
  readonly probe: (signal: AbortSignal, pauseMs: number) => Promise<ProbeResult<T>>;
  /** How many probes may run side by side, if they may hang. */
  readonly maxParallelProbes?: number;
  readonly failWhen?: FailWhen | undefined;
  /** The log in which there is more to read, if there is one. */
  readonly log?: string | undefined;
}

const FIRST_PAUSE_MS = 100;
/** A pause is at most this part of the time waited already: short waits stay precise, long ones cheap. */
const PAUSE_SHARE = 0.05;
/** Milliseconds that the last probe of a wait may take: these, or a multiple of the pause at its end if that is more. */
const LAST_PROBE_MS = 500;
const LAST_PROBE_PAUSES = 5;

/**
 * Probes at once, then again and again until the value is there. Throws RustaError after the timeout, what `failWhen`
 * rejects with, or Interrupted.
 */
export async function waitFor<T>(app: Pick<App, 'clock' | 'interrupt' | 'timeouts' | 'progress'>, options: WaitOptions<T>): Promise<T> {
  const { wait } = options;
  const started = app.clock.now();
  const timeoutMs = app.timeouts.of(wait);
  const finished = new AbortController();
  const signal = AbortSignal.any([finished.signal, app.interrupt.signal]);
  const probes = startProbes(app.clock, options, signal, () => finished.signal.aborted);
  const untilTimeout = async (): Promise<never> => {
    for (;;) {
      const elapsedMs = app.clock.now() - started;
      const pauseMs = pauseAfter(wait, elapsedMs);
      if (elapsedMs >= timeoutMs) {
        // Time also passes while this Mac sleeps or rusta is stopped: something that is there by now is not too late.
        await probes.last(pauseMs);
        throw timedOut(options, elapsedMs, probes.lastAnswer());
      }
      probes.start(pauseMs);
      await app.clock.sleep(Math.min(pauseMs, timeoutMs - elapsedMs), signal);
    }
  };
  using _ = app.progress.waiting(awaited(options, probes.lastAnswer));
  const failing = options.failWhen === undefined ? [] : [options.failWhen(signal)];
  try {
    return await Promise.race([probes.found, untilTimeout(), ...failing]);
  } finally {
    finished.abort(new Error('the wait is over'));
  }
}

/** Runs probes side by side, up to the number allowed. Drops errors of probes that the end of the wait cuts short. */
function startProbes<T>(
  clock: App['clock'],
  { probe, maxParallelProbes = 1 }: WaitOptions<T>,
  signal: AbortSignal,
  isFinished: () => boolean,
) {
  const found = Promise.withResolvers<T>();
  let underWay = 0;
  let lastAnswer: string | undefined;
  const probeOnce = async (pauseMs: number) => {
    underWay += 1;
    try {
      const result = await probe(signal, pauseMs);
      if ('value' in result) found.resolve(result.value);
      else lastAnswer = result.lastAnswer;
    } catch (error) {
      if (!isFinished()) found.reject(error);
    } finally {
      underWay -= 1;
    }
  };
  return {
    found: found.promise,
    lastAnswer: () => lastAnswer,
    start(pauseMs: number) {
      if (underWay < maxParallelProbes) void probeOnce(pauseMs);
    },
    /** Probes once more, and waits for this and the running probes as long as a probe may take. */
    async last(pauseMs: number) {
      void probeOnce(pauseMs);
      const end = clock.now() + Math.max(LAST_PROBE_MS, pauseMs * LAST_PROBE_PAUSES);
      while (underWay > 0 && clock.now() < end) await clock.sleep(FIRST_PAUSE_MS, signal);
    },
  };
}

/** Returns the pause after so long a wait, in milliseconds. */
export function pauseAfter({ maxIntervalMs }: Wait, elapsedMs: number): number {
  return Math.min(Math.max(elapsedMs * PAUSE_SHARE, FIRST_PAUSE_MS), maxIntervalMs);
}

type Waiting = Pick<WaitOptions<unknown>, 'wait' | 'vm' | 'log'>;

/** Returns what is shown during a wait. */
export function awaited({ wait, vm }: Waiting, lastAnswer: () => string | undefined): Awaited {
  return { what: wait.description, of: `VM '${vm}'`, lastAnswer };
}

/** Returns the error for a wait whose time is over. */
export function timedOut({ wait, vm, log }: Waiting, elapsedMs: number, lastAnswer: string | undefined): RustaError {
  const where = log === undefined ? '' : ` Its log: ${log}`;
  const waited = Math.round(elapsedMs / 1_000);
  return new RustaError(
    'timed_out',
    `waited ${waited} s for ${wait.description} of VM '${vm}'; last answer: ${lastAnswer ?? 'none'}.${where}`,
    {
      hint: wait.hint.replaceAll('<vm>', vm),
      log,
    },
  );
}

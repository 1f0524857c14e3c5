import { RustaError } from '../errors.ts';

/** A bound that slow hosts can raise. */
export interface Timeout {
  /** Milliseconds */
  readonly timeoutMs: number;
  /** The environment variable that replaces it, in seconds. */
  readonly timeoutVariable?: string | undefined;
}

export interface Timeouts {
  /** Returns milliseconds. Throws RustaError for a variable that is not a positive number of seconds. */
  of(timeout: Timeout): number;
}

export function createTimeouts(env: Readonly<Record<string, string>>): Timeouts {
  return {
    of({ timeoutMs, timeoutVariable }) {
      const text = timeoutVariable === undefined ? undefined : env[timeoutVariable];
      if (text === undefined || text === '') return timeoutMs;
      const seconds = Number(text);
      if (Number.isFinite(seconds) && seconds > 0) return seconds * 1_000;
      throw new RustaError('environment_invalid', `${timeoutVariable} is '${text}', not a number of seconds above 0`);
    },
  };
}

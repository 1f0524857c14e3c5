/** Program that sets the clock of a guest that rusta provisioned: to its argument, the seconds since 1970 on the Mac, else by the hardware clock. */
export const STEP_CLOCK = '/usr/local/lib/rusta/step-clock';

/** Returns shell code that sets the guest's clock to the Mac's, if it can, and prints nothing. `now` is in milliseconds since 1970. */
export function setClockQuietly(now: number): string {
  return `sudo -n ${STEP_CLOCK} ${Math.round(now / 1_000)} > /dev/null 2>&1`;
}

/** Returns a duration such as `8 s` or `1 min 05 s`. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

const DAY_MS = 24 * 3_600_000;
/** Units of an age: the largest of which there are at least two is used. */
const UNITS: readonly (readonly [string, number])[] = [
  ['year', 365],
  ['month', 30],
  ['week', 7],
  ['day', 1],
];

/** Returns an age such as `3 weeks`, for anything that is days old or older. */
export function age(ms: number): string {
  const days = Math.max(Math.floor(ms / DAY_MS), 1);
  const [unit, length] = UNITS.find(([, candidate]) => days >= 2 * candidate) ?? ['day', 1];
  const count = Math.floor(days / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly budget: string;
  readonly ok: boolean;
  /** The numbers behind it. */
  readonly how: string;
}

export interface Measured {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const WARM_UPS = 3;

/**
 * Median milliseconds from start to end of each program. They take turns, so that whatever else the machine does meets all of
 * them alike; only such numbers are compared. Throws if one fails.
 */
export function sideBySide(runs: number, programs: readonly Measured[]): number[] {
  const times = programs.map((): number[] => []);
  for (let run = -WARM_UPS; run < runs; run += 1) {
    for (const [index, program] of programs.entries()) {
      const time = timeOf(program);
      if (run >= 0) times[index]?.push(time);
    }
  }
  return times.map(median);
}

function timeOf({ argv, env }: Measured): number {
  const started = performance.now();
  const { exitCode, stderr } = Bun.spawnSync([...argv], { env: { ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
  const time = performance.now() - started;
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}: ${stderr.toString()}`);
  return time;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? Number.NaN)) / 2;
}

/** Milliseconds, with a decimal where it matters. */
export function ms(value: number): string {
  return `${value.toFixed(Math.abs(value) < 20 ? 1 : 0)} ms`;
}

import { type Result, seconds, type Verdict } from './evidence.ts';
import { stopAll } from './place.ts';
import { createWorld, Failure, type Log, type World, type WorldOptions } from './world.ts';

/** One point of the behavioural checklist (spec section 10). */
export interface Item {
  readonly number: number;
  readonly title: string;
  /** Why `--quick` leaves it out. */
  readonly heavy?: string;
  /** Throws Failure where rusta does not do what it should. */
  run(world: World): Promise<void>;
}

export interface Choice {
  readonly quick: boolean;
  /** Numbers; empty means all. */
  readonly only: readonly number[];
}

/** One after the other: they share VMs. `tell` hears of every end. */
export async function runItems(
  items: readonly Item[],
  choice: Choice,
  options: WorldOptions,
  tell: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) {
    const result = await runItem(item, choice, options);
    results.push(result);
    tell(result);
  }
  return results;
}

async function runItem(item: Item, choice: Choice, options: WorldOptions): Promise<Result> {
  const { signal, place } = options;
  const log: Log = { steps: [], checks: [], notes: [] };
  const started = performance.now();
  const end = (verdict: Verdict, reason?: string): Result => ({
    ...{ number: item.number, title: item.title, verdict, ...(reason === undefined ? {} : { reason }) },
    ...{ seconds: seconds(started), notes: log.notes, steps: log.steps, checks: log.checks },
  });
  const omitted = whyOmitted(item, choice, signal);
  if (omitted !== undefined) return end('skipped', omitted);
  try {
    await item.run(createWorld(options, log));
    return end('pass');
  } catch (error) {
    if (signal.aborted) return end('skipped', String(signal.reason));
    // The next item must not meet what this one left running.
    stopAll(place);
    return end('fail', error instanceof Failure ? error.message : String(error));
  }
}

function whyOmitted({ number, heavy }: Item, { quick, only }: Choice, signal: AbortSignal): string | undefined {
  if (signal.aborted) return String(signal.reason);
  if (only.length > 0 && !only.includes(number)) return 'not among those of --only';
  return quick && heavy !== undefined ? `left out by --quick: ${heavy}` : undefined;
}

import { test } from 'bun:test';
import { checkAsync } from '../fuzz/fuzz.ts';
import { steps } from './steps.ts';
import { World } from './world.ts';

/** Each writes files: fewer than of pure ones, unless FUZZ_RUNS asks for more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500);
/** On a busy machine. */
const LIMIT_MS = 1_800_000;

test(
  'whatever is done with rusta, Tart and folders, and wherever rusta is killed, nothing is lost that nobody asked to lose, and list is true',
  async () => {
    await checkAsync(
      'sequences of commands',
      steps,
      async (sequence) => {
        const world = new World();
        try {
          for (const step of sequence) await world.play(step);
        } finally {
          world.dispose();
        }
      },
      RUNS,
    );
  },
  LIMIT_MS,
);

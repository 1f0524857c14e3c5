import { expect, test } from 'bun:test';
import { SEED } from '../sandbox/seed.ts';
import { TEST_MS } from '../sandbox/wait.ts';
import { type Killed, LIFE, playKilled } from './life.ts';

/** Each kills every command once. */
const ROUNDS = 2;

test(
  `when commands are killed with -9 at ${ROUNDS * LIFE.length} random points, then all goes on where it was`,
  async () => {
    const rounds = await Promise.all(Array.from({ length: ROUNDS }, (_, round) => playKilled(randomFrom(SEED + round))));
    const all = rounds.flat();
    const hits = all.filter(({ hit }) => hit).length;
    console.log(`killed: ${hits} of ${all.length} commands before their end, SEED=${SEED}`);
    expect(all.filter(({ problems }) => problems.length > 0).map(shown)).toEqual([]);
    expect(hits).toBeGreaterThan(all.length / 2);
  },
  TEST_MS,
);

function shown({ line, program, delay, problems }: Killed): string {
  return `SEED=${SEED}: rusta ${line}, killed ${delay} ms after program ${program}: ${problems.join('\n')}`;
}

/** mulberry32 */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

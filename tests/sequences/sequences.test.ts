import { test } from 'bun:test';
import { checkAsync } from '../fuzz/fuzz.ts';
import { type Step, steps } from './steps.ts';
import { World } from './world.ts';

/** Each writes files: fewer than of pure ones, unless FUZZ_RUNS asks for more. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500);
/** On a busy machine. */
const LIMIT_MS = 1_800_000;

async function play(sequence: readonly Step[]): Promise<void> {
  const world = new World();
  try {
    for (const step of sequence) await world.play(step);
  } finally {
    world.dispose();
  }
}

test(
  'whatever is done with rusta, Tart and folders, and wherever rusta is killed, nothing is lost that nobody asked to lose, and list is true',
  () => checkAsync('sequences of commands', steps, play, RUNS),
  LIMIT_MS,
);

test('a VM that was put back from a copy and then renamed is not taken for another', () =>
  play([
    { does: 'rusta', verb: 'create as bob', vm: 'web', kill: undefined },
    { does: 'copy away', vm: 'web' },
    { does: 'move back' },
    { does: 'tart', args: ['rename', 'web', 'lab'] },
    { does: 'rusta', verb: 'create', vm: 'lab', kill: undefined },
  ]));

test('a VM made by hand may get the record of a killed creation, which one that was killed at once has not given up', () =>
  play([
    { does: 'rusta', verb: 'create as bob', vm: 'web', kill: { at: 2, when: 'before' } },
    { does: 'rusta', verb: 'create', vm: 'web', kill: { at: 1, when: 'before' } },
    { does: 'tart', args: ['clone', 'ghcr.io/cirruslabs/ubuntu:24.04', 'web'] },
    { does: 'rusta', verb: 'create', vm: 'lab', kill: undefined },
    { does: 'tart', args: ['stop', 'lab'] },
  ]));

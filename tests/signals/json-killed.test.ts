import { expect, test } from 'bun:test';
import { RUSTA } from '../e2e/rusta.ts';
import { random } from '../races/random.ts';
import { checkAnswer, checkStreams } from '../sandbox/mac/documents.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import type { RunResult } from '../sandbox/spawn.ts';
import { TEST_MS } from '../sandbox/wait.ts';

/** A life, told again and again: what was killed is repeated, or finds what it left. */
const LINES = [
  'create lab --resume',
  'create lab',
  'up lab',
  'ip lab',
  'ssh lab -- seq 20000',
  'list',
  'logs lab',
  'docker-setup lab',
  'source add ghcr.io/me',
  'doctor',
  'down lab',
  'delete lab --yes --force-running',
];
const WAYS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
const ROUNDS = 4;
/** As long as the longest of them takes before the stand-in. */
const MAX_DELAY_MS = 1_200;

/** Throws Error for a half document, or two; by kill -9, and before rusta listens, there may be none. Returns whether there was one. */
function checkKilled(args: readonly string[], ended: RunResult): boolean {
  const isWhole = ended.stdout !== '';
  if (!isWhole && ended.signal === null) throw new Error(`rusta ${args.join(' ')} ended with ${ended.code} and without a document`);
  // The last line of stderr may have been cut short.
  const stderr = ended.stderr.slice(0, ended.stderr.lastIndexOf('\n') + 1);
  const check = ended.signal === 'SIGKILL' ? checkStreams : checkAnswer;
  if (isWhole) check(args, { ...ended, stderr });
  return isWhole;
}

async function killAt(mac: Mac, args: readonly string[], way: NodeJS.Signals, delayMs: number): Promise<RunResult> {
  const rusta = mac.start(RUSTA, args, { stdin: '' });
  await Promise.race([rusta.exited, Bun.sleep(delayMs)]);
  rusta.kill(way);
  return rusta.exited;
}

test(
  `when commands are killed at ${ROUNDS * LINES.length} random points, then there is one whole document, or none`,
  async () => {
    await using mac = await createMac();
    const { seed, below } = random();
    console.log(`SEED=${seed}`);
    const found = { whole: 0, killed: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const line of LINES) {
        // Most are over soon: early points are tried more often.
        const delayMs = below(1 + below(MAX_DELAY_MS));
        const way = WAYS[below(WAYS.length)] ?? 'SIGKILL';
        const args = ['--json', '--verbose', ...line.split(' ')];
        const ended = await killAt(mac, args, way, delayMs);
        if (checkKilled(args, ended)) found.whole += 1;
        if (ended.signal !== null || (ended.code ?? 0) > 128) found.killed += 1;
      }
    }
    expect(found.whole).toBeGreaterThan(0);
    expect(found.killed).toBeGreaterThan(0);
  },
  TEST_MS,
);

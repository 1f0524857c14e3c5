import { expect, test } from 'bun:test';
import { boundRunner, type Hang, isHang } from '../../../src/doctor/bounded.ts';
import type { CapturedCommand } from '../../../src/system/programs/command.ts';
import type { Runner } from '../../../src/system/programs/runner.ts';

const COMMAND: CapturedCommand = { program: 'tart', args: ['list', '--format', 'json'], timeoutMs: 30_000 };

function bounded(timedOut: boolean, code = 0) {
  const asked: number[] = [];
  const hangs: Hang[] = [];
  const run = async ({ timeoutMs }: CapturedCommand) => {
    asked.push(timeoutMs);
    return { code, stdout: 'out', stderr: '', timedOut };
  };
  const none = () => {
    throw new Error('not asked');
  };
  const inner: Runner = { run, check: none, which: none, attach: none, detach: none, background: none };
  return { runner: boundRunner(inner, 2_000, hangs), asked, hangs };
}

test('a long bound becomes the short one, a shorter one stays', async () => {
  const { runner, asked, hangs } = bounded(false);
  await runner.run(COMMAND);
  await runner.check({ ...COMMAND, timeoutMs: 500 });
  expect({ asked, hangs }).toEqual({ asked: [2_000, 500], hangs: [] });
});

test('what hangs is noted as it would be typed, and is an error where an answer is needed', async () => {
  const { runner, hangs } = bounded(true);
  expect((await runner.run(COMMAND)).timedOut).toBe(true);
  const error = await runner.check(COMMAND).catch((reason: unknown) => reason);
  expect(error).toHaveProperty('message', "'tart list' did not finish within 2 s");
  expect(isHang(error)).toBe(true);
  expect(hangs).toEqual(Array(2).fill({ call: 'tart list --format json', seconds: 2 }));
});

test('a failure is an error, and no hang', async () => {
  const { runner, hangs } = bounded(false, 3);
  const error = await runner.check(COMMAND).catch((reason: unknown) => reason);
  expect(error).toHaveProperty('message', expect.stringContaining('failed (exit 3): out'));
  expect(isHang(error)).toBe(false);
  expect(hangs).toEqual([]);
});

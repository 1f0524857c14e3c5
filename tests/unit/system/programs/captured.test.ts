import { expect, test } from 'bun:test';
import { systemClock } from '../../../../src/system/clock.ts';
import { runCaptured } from '../../../../src/system/programs/captured.ts';
import type { CapturedCommand, RunnerContext } from '../../../../src/system/programs/command.ts';
import { createStdio } from '../../../../src/system/terminal/stdio.ts';

const context: RunnerContext = {
  env: {},
  clock: systemClock,
  interrupt: { signal: new AbortController().signal, received: undefined, shield: (work) => work() },
  ignored: [],
  stdio: createStdio(),
  trace: () => () => {},
  occupyTerminal: () => ({ [Symbol.dispose]: () => {} }),
};
const run = (script: string, more: Partial<CapturedCommand>) => {
  const command = { program: 'sh', args: ['-c', script], timeoutMs: 10_000, ...more };
  const env = { PATH: process.env['PATH'] ?? '' };
  return runCaptured({ argv: [Bun.which('sh') ?? '/bin/sh', ...command.args], env }, command, context);
};

test('when rusta itself pauses longer than the timeout and the program has ended meanwhile, then it has not timed out', async () => {
  const running = run('echo done; exit 3', { timeoutMs: 200 });
  Bun.sleepSync(1_000);
  expect(await running).toEqual({ code: 3, stdout: 'done\n', stderr: '', timedOut: false });
});

test('when it has not ended, then it has', async () => {
  const running = run('echo begun; exec sleep 60', { timeoutMs: 200 });
  Bun.sleepSync(1_000);
  expect(await running).toEqual({ code: 143, stdout: 'begun\n', stderr: '', timedOut: true });
});

test('a program reads the text that it is given, to its end and unchanged', async () => {
  const text = `${'"$secret" ü\n'.repeat(20_000)}no newline`;
  expect((await run('cat', { input: text })).stdout).toBe(text);
  expect(await run('exit 0', { input: text })).toMatchObject({ code: 0 });
  expect((await run('cat', {})).stdout).toBe('');
});

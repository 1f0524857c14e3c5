import { expect, test } from 'bun:test';
import type { Clock } from '../../../src/system/clock.ts';
import { elapsed } from '../../../src/text/elapsed.ts';
import { createOutput } from '../../../src/ui/output.ts';
import { createProgress } from '../../../src/ui/progress.ts';
import { recordedStdio } from './recorded.ts';

/** Time that a test moves; sleeps end when it has come. */
function manualClock() {
  let now = 0;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ until: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  const pass = async (ms: number) => {
    now += ms;
    const due = sleepers.filter(({ until }) => until <= now);
    sleepers = sleepers.filter(({ until }) => until > now);
    for (const { wake } of due) wake();
    await new Promise(setImmediate);
  };
  return { clock, pass, sleeping: () => sleepers.length };
}

function on(terminal: boolean) {
  const { stdio, screen } = recordedStdio(60, terminal);
  const out = createOutput({ stdio, env: { NO_COLOR: '1' }, verbose: false, progressTo: 'stdout', log: undefined });
  const time = manualClock();
  return { ...time, progress: createProgress(out, time.clock), screen };
}

test('on a terminal the running step has its time and its last word', async () => {
  const { progress, pass, screen } = on(true);
  progress.step('Cloning');
  expect(screen()).toEqual(['==> Cloning (0 s)']);
  progress.detail('42%');
  await pass(8_400);
  expect(screen()).toEqual(['==> Cloning (8 s)  42%']);
  progress.step('Booting');
  await pass(61_000);
  expect(screen()).toEqual(['[ok] Cloning (8 s)', '==> Booting (1 min 01 s)']);
  progress.end('stopped');
  expect(screen()).toEqual(['[ok] Cloning (8 s)', '==> Booting (stopped after 1 min 01 s)']);
});

test('a hundred words between two looks are drawn once', async () => {
  const { progress, pass, screen } = on(true);
  progress.step('Installing');
  for (let n = 0; n < 100; n += 1) progress.detail(`Unpacking ${n}`);
  expect(screen()).toEqual(['==> Installing (0 s)']);
  await pass(200);
  expect(screen()).toEqual(['==> Installing (0 s)  Unpacking 99']);
  progress.end('done');
});

test('without a terminal each step is one line, and nothing ticks', () => {
  const { progress, screen, sleeping } = on(false);
  progress.step('Cloning');
  progress.detail('42%');
  progress.step('Booting');
  progress.end('done');
  expect(screen()).toEqual(['==> Cloning', '==> Booting']);
  expect(sleeping()).toBe(0);
});

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min 00 s'],
  [3_725_000, '62 min 05 s'],
])('%i ms are %s', (ms, text) => {
  expect(elapsed(ms)).toBe(text);
});

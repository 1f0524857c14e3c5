import { describe, expect, test } from 'bun:test';
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
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter(({ wake }) => wake !== resolve);
          reject(signal.reason);
        });
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

function on(terminal: boolean, columns = 60) {
  const { stdio, screen } = recordedStdio(columns, terminal);
  const out = createOutput({ stdio, env: { NO_COLOR: '1' }, verbose: false, progressTo: 'stdout', log: undefined });
  const time = manualClock();
  return { ...time, out, progress: createProgress(out, time.clock), screen };
}

describe('on a terminal', () => {
  test('the running step has its time first, and its last word', async () => {
    const { progress, pass, screen } = on(true);
    progress.step('Cloning');
    expect(screen()).toEqual(['==> 0 s  Cloning']);
    progress.detail('42%');
    await pass(8_400);
    expect(screen()).toEqual(['==> 8 s  Cloning  42%']);
    progress.step('Booting');
    await pass(61_000);
    expect(screen()).toEqual(['[ok] Cloning (8 s)', '==> 1 min 01 s  Booting']);
    progress.end('stopped');
    expect(screen()).toEqual(['[ok] Cloning (8 s)', '==> Booting (stopped after 1 min 01 s)']);
  });

  test('a hundred words between two looks are drawn once', async () => {
    const { progress, pass, screen } = on(true);
    progress.step('Installing');
    for (let n = 0; n < 100; n += 1) progress.detail(`Unpacking ${n}`);
    expect(screen()).toEqual(['==> 0 s  Installing']);
    await pass(200);
    expect(screen()).toEqual(['==> 0 s  Installing  Unpacking 99']);
    progress.end('done');
  });

  test('what a step waits for stands in its place, with the seconds of the wait', async () => {
    const { progress, pass, screen } = on(true, 40);
    let answer: string | undefined;
    progress.step("Starting VM 'lab' (headless)");
    await pass(3_000);
    {
      using _ = progress.waiting({ what: 'the guest agent', of: "VM 'lab'", lastAnswer: () => answer });
      expect(screen()).toEqual(['==> 0 s  Waiting for the guest agent']);
      answer = 'refused';
      await pass(12_000);
      expect(screen()).toEqual(['==> 12 s  Waiting for the guest agent']);
    }
    expect(screen()).toEqual(["==> 15 s  Starting VM 'lab' (headles…"]);
    progress.ok("VM 'lab' is running");
    expect(screen()).toEqual(["[ok] VM 'lab' is running (15 s)"]);
  });

  test('where there is room, the last answer stands beside it', async () => {
    const { progress, pass, screen } = on(true, 80);
    progress.step('Starting');
    using _ = progress.waiting({ what: 'an IP address', of: "VM 'lab'", lastAnswer: () => 'no lease' });
    await pass(1_000);
    expect(screen()).toEqual(["==> 1 s  Waiting for an IP address  VM 'lab': no lease"]);
    progress.end('stopped');
  });

  test('a wait outside of a step comes after a second, and leaves nothing', async () => {
    const { progress, pass, screen, sleeping } = on(true);
    {
      using _ = progress.waiting({ what: 'an IP address', of: "VM 'lab'" });
      await pass(900);
      expect(screen()).toEqual([]);
      await pass(200);
      expect(screen()).toEqual(["==> 1 s  Waiting for an IP address  VM 'lab'"]);
    }
    expect(screen()).toEqual([]);
    expect(sleeping()).toBe(0);
  });

  test('a step that fails is told as cut short, one that is through by its own words', async () => {
    const { progress, screen } = on(true);
    await expect(progress.during('One', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await progress.during('Two', async () => 'a value', 'Two is done')).toBe('a value');
    await progress.during('Three', async () => {});
    expect(screen()).toEqual(['==> One (stopped after 0 s)', '[ok] Two is done (0 s)', '[ok] Three (0 s)']);
  });
});

describe('without a terminal', () => {
  test('each step is one line, and nothing is left ticking', async () => {
    const { progress, screen, sleeping } = on(false);
    progress.step('Cloning');
    progress.detail('42%');
    progress.step('Booting');
    progress.ok('It runs');
    await progress.during('Stopping', async () => {});
    expect(screen()).toEqual(['==> Cloning', '==> Booting', '[ok] It runs', '==> Stopping']);
    expect(sleeping()).toBe(0);
  });

  test('a line breaks each 30 s of silence, and none where others print', async () => {
    const { progress, out, pass, screen } = on(false);
    progress.step('Cloning');
    progress.detail('42% of 0.6 GB');
    for (let seconds = 0; seconds < 65; seconds += 1) await pass(1_000);
    expect(screen()).toEqual([
      '==> Cloning',
      '... still at it: Cloning (30 s); 42% of 0.6 GB',
      '... still at it: Cloning (1 min 00 s); 42% of 0.6 GB',
    ]);
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await pass(1_000);
      if (seconds % 20 === 0) out.program('a line', true);
    }
    expect(screen().slice(3)).toEqual(['a line', 'a line', 'a line']);
    progress.end('done');
  });

  test('a wait is told by what is awaited, also outside of a step', async () => {
    const { progress, pass, screen, sleeping } = on(false, 200);
    let answer: string | undefined;
    {
      using _ = progress.waiting({ what: 'the SSH server', of: "VM 'lab'", lastAnswer: () => answer });
      for (let seconds = 0; seconds < 31; seconds += 1) await pass(1_000);
      answer = 'ECONNREFUSED';
      for (let seconds = 0; seconds < 30; seconds += 1) await pass(1_000);
    }
    expect(screen()).toEqual([
      "... still waiting for the SSH server of VM 'lab' (30 s)",
      "... still waiting for the SSH server of VM 'lab' (1 min 00 s); last answer: ECONNREFUSED",
    ]);
    expect(sleeping()).toBe(0);
  });
});

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min 00 s'],
  [3_725_000, '62 min 05 s'],
])('%i ms are %s', (ms, text) => {
  expect(elapsed(ms)).toBe(text);
});

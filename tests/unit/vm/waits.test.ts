import { describe, expect, test } from 'bun:test';
import { Interrupted } from '../../../src/errors.ts';
import { createTimeouts } from '../../../src/system/timeouts.ts';
import { createOutput } from '../../../src/ui/output.ts';
import { createProgress, type Progress } from '../../../src/ui/progress.ts';
import type { Awaited } from '../../../src/ui/scene.ts';
import { WAITS, waitFor } from '../../../src/vm/waits/waits.ts';
import { recordedStdio } from '../ui/recorded.ts';
import { fakeClock } from './fake-clock.ts';

const silent = createOutput({ stdio: recordedStdio(80, false).stdio, env: {}, verbose: false, progressTo: 'stdout', log: undefined });

function setUp(env: Record<string, string> = {}) {
  const clock = fakeClock();
  const abort = new AbortController();
  const shown: Awaited[] = [];
  let open = 0;
  const progress: Progress = {
    ...createProgress(silent, clock),
    waiting(awaited) {
      shown.push(awaited);
      open += 1;
      return {
        [Symbol.dispose]: () => {
          open -= 1;
        },
      };
    },
  };
  const interrupt = { signal: abort.signal, received: undefined, shield: <T>(work: () => Promise<T>) => work() };
  return { app: { clock, timeouts: createTimeouts(env), progress, interrupt }, clock, abort, shown, open: () => open };
}

test('an answer that is there at once costs no pause', async () => {
  const { app, clock } = setUp();
  expect(await waitFor(app, { wait: WAITS.agent, vm: 'lab', probe: async () => ({ value: 'yes' }) })).toBe('yes');
  expect(clock.sleeps.length).toBeLessThanOrEqual(2);
});

test('pauses begin at 100 ms, grow with the time waited and stay below the cadence of the spec', async () => {
  const { app, clock } = setUp();
  let probes = 0;
  const probe = async () => {
    probes += 1;
    return { lastAnswer: 'not yet' };
  };
  await waitFor(app, { wait: WAITS.agent, vm: 'lab', probe }).catch(() => {});
  expect(clock.sleeps[0]).toBe(100);
  expect(Math.max(...clock.sleeps.slice(0, -1))).toBeLessThanOrEqual(WAITS.agent.maxIntervalMs);
  expect(clock.sleeps.at(-3)).toBeGreaterThan(1_900);
  expect(probes).toBeGreaterThan(60);
});

test('a timeout says what, how long, the last answer, the log and what to try', async () => {
  const { app, clock } = setUp();
  const error = await waitFor(app, {
    wait: WAITS.ssh,
    vm: 'lab',
    probe: async () => ({ lastAnswer: 'ECONNREFUSED' }),
    log: '/x/lab.log',
  }).catch((e: unknown) => e);
  expect(error).toHaveProperty('message', "waited 120 s for the SSH server of VM 'lab'; last answer: ECONNREFUSED. Its log: /x/lab.log");
  expect(error).toHaveProperty('hint', expect.stringContaining('tart exec lab'));
  // One last probe may take its time.
  expect(clock.now() - WAITS.ssh.timeoutMs).toBeLessThanOrEqual(5 * WAITS.ssh.maxIntervalMs);
});

test('when the time passed while nobody could look, then one more look is taken before the wait fails', async () => {
  const { app, clock } = setUp();
  let probes = 0;
  const probe = async () => {
    probes += 1;
    if (probes === 1) await clock.sleep(WAITS.agent.timeoutMs);
    return probes === 1 ? { lastAnswer: 'asleep' } : { value: 'there' };
  };
  expect(await waitFor(app, { wait: WAITS.agent, vm: 'lab', probe })).toBe('there');
  expect(probes).toBe(2);
});

test('what is awaited is shown, with its last answer, until the wait is over', async () => {
  const { app, shown, open } = setUp();
  const answers: (string | undefined)[] = [];
  const probe = async () => {
    answers.push(shown[0]?.lastAnswer?.());
    return { lastAnswer: 'no lease' };
  };
  await waitFor(app, { wait: WAITS.ip, vm: 'lab', probe }).catch(() => {});
  expect(shown).toMatchObject([{ what: 'an IP address', of: "VM 'lab'" }]);
  expect(new Set(answers)).toEqual(new Set([undefined, 'no lease']));
  expect(open()).toBe(0);
});

test('when what is watched fails, then the wait ends at once', async () => {
  const { app, clock } = setUp();
  const failWhen = () => Promise.reject(new Error('it died'));
  await expect(waitFor(app, { wait: WAITS.agent, vm: 'lab', probe: async () => ({ lastAnswer: 'no' }), failWhen })).rejects.toThrow(
    'it died',
  );
  expect(clock.now()).toBeLessThan(1_000);
});

test('an interrupt ends the wait and the probe that hangs', async () => {
  const { app, abort } = setUp();
  const ended = Promise.withResolvers<string>();
  const probe = (signal: AbortSignal) => {
    signal.addEventListener('abort', () => ended.resolve('ended'));
    abort.abort(new Interrupted('SIGINT'));
    return new Promise<never>(() => {});
  };
  expect(await waitFor(app, { wait: WAITS.agent, vm: 'lab', probe }).catch((error: unknown) => error)).toBeInstanceOf(Interrupted);
  expect(await ended.promise).toBe('ended');
});

test('probes that hang do not keep the next ones from starting, up to a bound', async () => {
  const { app } = setUp({ RUSTA_AGENT_TIMEOUT: '1' });
  let probes = 0;
  const probe = () => {
    probes += 1;
    return new Promise<never>(() => {});
  };
  await waitFor(app, { wait: WAITS.agent, vm: 'lab', probe, maxParallelProbes: 4 }).catch(() => {});
  expect(probes).toBe(4 + 1);
});

describe('timeouts can be set in seconds', () => {
  test('by their variable', () => {
    expect(createTimeouts({ RUSTA_AGENT_TIMEOUT: '300' }).of(WAITS.agent)).toBe(300_000);
    expect(createTimeouts({ RUSTA_AGENT_TIMEOUT: '300' }).of(WAITS.ip)).toBe(120_000);
    expect(createTimeouts({ RUSTA_SSH_TIMEOUT: '0.5' }).of(WAITS.ssh)).toBe(500);
    expect(createTimeouts({ RUSTA_SSH_TIMEOUT: '' }).of(WAITS.ssh)).toBe(120_000);
  });
  test.each(['0', '-1', 'soon', 'Infinity'])('but not to %p', (value) => {
    expect(() => createTimeouts({ RUSTA_AGENT_TIMEOUT: value }).of(WAITS.agent)).toThrow(`RUSTA_AGENT_TIMEOUT is '${value}'`);
  });
});

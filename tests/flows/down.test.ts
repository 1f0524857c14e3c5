import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import type { Vm } from '../../src/tools/tart/list.ts';
import { listing, rusta, scripted, UNAME } from './scripted.ts';

const SHUTDOWN = 'tart exec lab sudo shutdown -h now';
const PS = 'ps -ww -o uid= -o command= -p 4242';
const OURS = '  501 /opt/tart.app/Contents/MacOS/tart run --no-graphics lab\n';
const NO_AGENT = 'Failed to connect to the VM using its control socket: …, is the Tart Guest Agent running?';

test('a stopped VM costs one tart list', async () => {
  const { app, streams, finish } = scripted({ calls: [UNAME, listing({ lab: 'stopped' })] });
  expect(await rusta(app, 'down lab')).toBe(0);
  expect(streams[1]).toBe("[skip] VM 'lab' is already stopped\n");
  finish();
});

test('without the agent the power button of the verified process is pressed', async () => {
  const { app, streams, signals, finish } = scripted({
    alive: new Set([4242]),
    calls: [
      UNAME,
      listing({ lab: 'running' }),
      { call: PS, stdout: OURS },
      { call: SHUTDOWN, code: 1, stderr: NO_AGENT },
      { call: PS, stdout: OURS },
    ],
  });
  app.pids.write('lab', 4242);
  await rusta(app, 'down lab');
  expect(signals).toEqual(['SIGUSR2 4242']);
  expect(streams[1]).toContain("[ok] VM 'lab' is stopped");
  expect(existsSync(app.paths.pid('lab'))).toBe(false);
  finish();
});

for (const [how, failing, signal] of [
  ['down', { call: SHUTDOWN, code: 1, stderr: NO_AGENT }, 'SIGUSR2'],
  ['down --force', { call: 'tart stop lab', code: 1, stderr: 'cannot' }, 'SIGKILL'],
] as const) {
  test(`${how}: a number that became another's while tart was asked gets no ${signal}`, async () => {
    const { app, signals, finish } = scripted({
      alive: new Set([4242]),
      calls: [
        UNAME,
        listing({ lab: 'running' }),
        { call: PS, stdout: OURS },
        failing,
        { call: PS, stdout: '  501 vim tart run lab\n' },
        ...(how === 'down' ? [] : [listing({ lab: 'stopped' })]),
      ],
    });
    app.pids.write('lab', 4242);
    await rusta(app, `${how} lab --timeout 1`).catch(() => {});
    expect(signals).toEqual([]);
    finish();
  });
}

for (const [whose, ps] of [
  ['another program', '  501 sleep 1000\n'],
  ["another VM's", '  501 tart run --no-graphics lab2\n'],
  ["another user's", '  502 tart run --no-graphics lab\n'],
] as const) {
  test(`a recycled pid that is ${whose} is not signalled, and its file goes`, async () => {
    const { app, signals, finish } = scripted({
      alive: new Set([4242]),
      calls: [UNAME, listing({ lab: 'running' }), { call: PS, stdout: ps }, { call: SHUTDOWN, code: 1, stderr: NO_AGENT }],
    });
    app.pids.write('lab', 4242);
    // Another program's VM stays "running": Tart is asked until the request has failed.
    const error = await rusta({ ...app, tart: { ...app.tart, list: firstThenRunning(app.tart.list) } }, 'down lab --timeout 1').catch(
      (e: unknown) => e,
    );
    expect(error).toHaveProperty('hint', expect.stringContaining('--force'));
    expect(signals).toEqual([]);
    expect(existsSync(app.paths.pid('lab'))).toBe(false);
    finish();
  });
}

for (const [how, ps] of [
  ['fails', { code: 1, stderr: 'ps: cannot\n' }],
  ['is ended for taking too long', { code: 143 }],
  ['says something else', { stdout: 'no idea\n' }],
] as const) {
  test(`where ps ${how} nobody is signalled, and the file of a process that lives stays`, async () => {
    const { app, signals, finish } = scripted({
      alive: new Set([4242]),
      calls: [UNAME, listing({ lab: 'running' }), { call: PS, ...ps }, { call: SHUTDOWN, code: 1, stderr: NO_AGENT }],
    });
    app.pids.write('lab', 4242);
    const error = await rusta({ ...app, tart: { ...app.tart, list: firstThenRunning(app.tart.list) } }, 'down lab --timeout 1').catch(
      (e: unknown) => e,
    );
    expect(error).toHaveProperty('hint', expect.stringContaining('--force'));
    expect(signals).toEqual([]);
    expect(app.pids.read('lab')).toBe(4242);
    finish();
  });
}

/** The scripted answer once, then a VM that goes on running. */
function firstThenRunning(list: () => Promise<readonly Vm[]>): () => Promise<readonly Vm[]> {
  let asked = false;
  return () => {
    if (asked) return Promise.resolve([{ name: 'lab', status: 'running' as const }]);
    asked = true;
    return list();
  };
}

test('when the process has ended and nobody collects it, then the VM is off: macOS lets signals reach such a process', async () => {
  const { app, streams, finish } = scripted({
    alive: new Set([4242]),
    calls: [
      UNAME,
      listing({ lab: 'running' }),
      { call: PS, stdout: OURS },
      { call: SHUTDOWN },
      { call: 'ps -o stat= -p 4242', stdout: 'S+\n' },
      { call: 'ps -o stat= -p 4242', stdout: 'Z+\n' },
    ],
  });
  app.pids.write('lab', 4242);
  await rusta(app, 'down lab');
  expect(streams[1]).toContain("[ok] VM 'lab' is stopped");
  finish();
});

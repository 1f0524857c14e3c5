import { afterEach, beforeEach, expect, test } from 'bun:test';
import { RUSTA } from '../e2e/rusta.ts';
import { readState, untilFree } from '../e2e/state.ts';
import { runKilled, setTraps } from '../sandbox/kill.ts';
import { createMac, type Mac } from '../sandbox/mac.ts';
import { hasEnded, untilAllEnd } from '../sandbox/processes.ts';
import { TEST_MS, waitUntil } from '../sandbox/wait.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('base');
});
afterEach(() => mac[Symbol.asyncDispose]());

const vms = async () => (await mac.run('tart', ['list', '--quiet', '--source', 'local'])).stdout.trim().split('\n');
const run = (...words: string[]) => ['run', '--from', 'base', '--', ...words];
async function checkNothingLeft(): Promise<void> {
  await untilAllEnd(mac.root);
  expect(await vms()).toEqual(['base']);
  expect((readState(mac) ?? '').trim()).toBe('');
}

test(
  'when eight commands run at once, then each has a VM of its own, and none is left',
  async () => {
    const options = { timeoutMs: TEST_MS, env: { RUSTA_AGENT_TIMEOUT: '90' } };
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    const results = await Promise.all(numbers.map((n) => mac.rusta(run(`test ! -e mine && touch mine && sleep 1 && exit ${n}`), options)));
    expect(results.map(({ code }) => code)).toEqual(numbers);
    await checkNothingLeft();
  },
  TEST_MS,
);

test(
  'when run is killed with -9 at any program, then the next run removes what is left, and nothing else',
  async () => {
    setTraps(mac, ['tart', 'uname']);
    const argv = [RUSTA, ...run('true')];
    const { started } = await runKilled(mac, argv, { program: 1_000, delay: 0 });
    expect(started).toBeGreaterThan(8);
    for (let at = 1; at <= started; at += 1) {
      await runKilled(mac, argv, { program: at, delay: 0 });
      await untilFree(mac);
      const { code, stdout } = await mac.rusta(run('echo ran'));
      expect({ at, code, stdout }).toEqual({ at, code: 0, stdout: 'ran\n' });
      await checkNothingLeft();
    }
  },
  TEST_MS,
);

test(
  'when run is killed with -9 amid its command, then the next run removes the VM though it is running',
  async () => {
    const killed = mac.start(RUSTA, run('echo begun; sleep 600'));
    await killed.waitFor('begun');
    killed.kill('SIGKILL');
    // Its streams stay open: `tart exec` has them too, and goes on.
    await waitUntil('its end', () => hasEnded(mac.root, killed.pid));
    expect((await vms()).length).toBe(2);
    const doctor = await mac.rusta(['doctor']);
    expect(doctor.stdout).toMatch(/VM 'run-[0-9a-f]{8}' is left from a 'rusta run' that was killed/);
    const results = await Promise.all([0, 1, 2].map((n) => mac.rusta(run(`exit ${n}`), { timeoutMs: TEST_MS })));
    expect(results.map(({ code }) => code)).toEqual([0, 1, 2]);
    await checkNothingLeft();
  },
  TEST_MS,
);

import { expect, test } from 'bun:test';
import type { App } from '../../../src/app.ts';
import { findLogin } from '../../../src/reach/target.ts';
import { createTimeouts } from '../../../src/system/timeouts.ts';
import type { Banner } from '../../../src/tools/ssh.ts';
import { scripted } from '../../flows/scripted.ts';
import { fakeClock } from '../vm/fake-clock.ts';

const BLOCKED: Banner = { error: 'EHOSTUNREACH' };
const REFUSED: Banner = { error: 'ECONNREFUSED' };
const SSHD: Banner = { line: 'SSH-2.0-OpenSSH_9.6' };

/** What comes of the wait where the guest answers so after so many milliseconds, how long it took, and the looks. */
async function wait(banner: (elapsedMs: number) => Banner, env: Record<string, string> = {}) {
  const clock = fakeClock();
  const { app } = scripted({ calls: [] });
  let looks = 0;
  const played: App = {
    ...app,
    clock,
    timeouts: createTimeouts(env),
    tart: {
      ...app.tart,
      ip: async () => ({ address: '192.168.64.7' }),
      exec: async () => ({ code: 1, stdout: '', stderr: 'no agent', timedOut: false }),
    },
    ssh: {
      ...app.ssh,
      banner: async () => {
        looks += 1;
        return banner(clock.now());
      },
    },
  };
  const result = await findLogin(played, {
    vm: 'lab',
    flags: { user: undefined, password: undefined },
    failWhen: () => new Promise(() => {}),
  })
    .then((login) => login.target)
    .catch((error: unknown) => error);
  return { result, seconds: clock.now() / 1_000, looks };
}

test('where nothing but "no way" comes, ssh is let try after seconds, not after two minutes', async () => {
  const { result, seconds, looks } = await wait(() => BLOCKED);
  expect(result).toMatchObject({ address: '192.168.64.7', port: 22 });
  expect(seconds).toBeGreaterThanOrEqual(10);
  expect(seconds).toBeLessThan(15);
  expect(looks).toBeGreaterThan(5);
});

test('a guest that boots says so too, for some seconds: it is waited for', async () => {
  const { result, seconds } = await wait((ms) => (ms < 6_000 ? BLOCKED : ms < 40_000 ? REFUSED : SSHD));
  expect(result).toMatchObject({ address: '192.168.64.7' });
  expect(seconds).toBeGreaterThanOrEqual(40);
});

test('only such answers one after another count', async () => {
  let looks = 0;
  const { result, seconds } = await wait(() => {
    looks += 1;
    return looks % 3 === 0 ? REFUSED : BLOCKED;
  });
  expect(result).toHaveProperty('message', expect.stringContaining("waited 120 s for the SSH server of VM 'lab'"));
  expect(Math.floor(seconds)).toBe(120);
});

test('a wait that was made short ends within its cap', async () => {
  const { result, seconds } = await wait(() => BLOCKED, { RUSTA_SSH_TIMEOUT: '4' });
  expect(result).toMatchObject({ address: '192.168.64.7' });
  expect(seconds).toBeLessThan(4);
});

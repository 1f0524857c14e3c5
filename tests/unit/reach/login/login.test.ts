import { expect, test } from 'bun:test';
import type { App } from '../../../../src/app.ts';
import { createLogin } from '../../../../src/reach/login/login.ts';
import { createTimeouts } from '../../../../src/system/timeouts.ts';
import type { SshTarget } from '../../../../src/tools/ssh/ssh.ts';
import { scripted } from '../../../flows/scripted.ts';
import { fakeClock } from '../../vm/fake-clock.ts';

const NO_WAY = 'No route to host';
const REFUSED = 'Connection refused';
const TARGET: SshTarget = {
  address: '192.168.64.7',
  port: 22,
  user: 'admin',
  password: 'admin',
  privateKey: undefined,
  proxyCommand: undefined,
};

/** What comes of a login where ssh cannot connect for this reason after so many milliseconds, how long it took, and the tries. */
async function wait(refusal: (elapsedMs: number) => string | undefined, env: Record<string, string> = {}) {
  const clock = fakeClock();
  const { app } = scripted({ calls: [] });
  const played: App = {
    ...app,
    clock,
    timeouts: createTimeouts(env),
    tart: {
      ...app.tart,
      ip: async () => ({ address: '192.168.64.7' }),
      exec: async () => ({ code: 1, stdout: '', stderr: 'no agent', timedOut: false }),
    },
  };
  let tries = 0;
  const result = await createLogin(played, 'lab', TARGET, () => new Promise(() => {}))
    .through(async () => {
      tries += 1;
      const refused = refusal(clock.now());
      return { code: refused === undefined ? 0 : 255, refused };
    })
    .catch((error: unknown) => error);
  return { result, seconds: clock.now() / 1_000, tries };
}

test('when nothing but "no way" comes, then ssh has the last word after seconds, not after two minutes', async () => {
  const { result, seconds, tries } = await wait(() => NO_WAY);
  expect(result).toEqual({ code: 255, refused: NO_WAY });
  expect(seconds).toBeGreaterThanOrEqual(10);
  expect(seconds).toBeLessThan(15);
  expect(tries).toBeGreaterThan(5);
});

test('when a guest that boots says so for some seconds, then it is waited for', async () => {
  const { result, seconds } = await wait((ms) => (ms < 6_000 ? NO_WAY : ms < 40_000 ? REFUSED : undefined));
  expect(result).toEqual({ code: 0, refused: undefined });
  expect(seconds).toBeGreaterThanOrEqual(40);
});

test('when other answers come between, then they do not add up', async () => {
  let tries = 0;
  const { result, seconds } = await wait(() => {
    tries += 1;
    return tries % 3 === 0 ? REFUSED : NO_WAY;
  });
  expect(result).toHaveProperty('message', expect.stringContaining("waited 120 s for the SSH server of VM 'lab'"));
  expect(Math.floor(seconds)).toBe(120);
});

test('when the wait was made short, then it ends within its cap', async () => {
  const { result, seconds } = await wait(() => NO_WAY, { RUSTA_SSH_TIMEOUT: '4' });
  expect(result).toEqual({ code: 255, refused: NO_WAY });
  expect(seconds).toBeLessThan(4);
});

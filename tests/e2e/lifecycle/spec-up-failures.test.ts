import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { ours } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

describe('a VM that does not come up is told, with the reason', () => {
  test('at once when tart run ends', async () => {
    mac.configure({ behavior: { bootError: 'Error: Invalid virtual machine configuration. Too many CPUs.' } });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('macOS refused the configuration of the VM');
    expect(result.stderr).toContain(`Full log: ${ours(mac, 'run/lab.log')}`);
    expect(existsSync(ours(mac, 'run/lab.pid'))).toBe(false);
  });

  test('at once when the guest crashes', async () => {
    mac.configure({ behavior: { crashAfter: 100, agent: 'never' } });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain("VM 'lab' did not start, the VM went off: the guest crashed");
  });

  test('after the wait when the agent never answers; the VM stays for a look at it', async () => {
    mac.configure({ behavior: { agent: 'never' } });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab'], { env: { RUSTA_AGENT_TIMEOUT: '1' } });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/waited \d+ s for the guest agent of VM 'lab'/);
    await mac.event('locked', 'lab');
    expect(mac.vm('lab').isRunning).toBe(true);
  });

  test('an address that is late is not fatal', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['ip'], do: 'exit', code: 1, stderr: 'no IP address found' }] });
    await mac.addVm('lab');
    const result = await mac.rusta(['up', 'lab'], { env: { RUSTA_IP_TIMEOUT: '1' } });
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain("no IP address yet; 'rusta ip lab' waits for it");
  });
});

/** Tart 2.32 on macOS 13, where `run` works and `exec` does not. */
const OLD_MACOS = {
  program: 'tart',
  args: ['exec'],
  do: 'exit',
  code: 1,
  stderr: '"tart exec" is only available on macOS 14 (Sonoma) or newer\n',
} as const;

test.each(['up lab', 'create lab'])('on a macOS that is too old %s says so at the first look', async (line) => {
  if (line.startsWith('up')) await mac.addVm('lab');
  mac.configure({ faults: [OLD_MACOS] });
  const { code, stderr } = await mac.rusta(line.split(' '));
  expect(code).toBe(1);
  expect(stderr).toContain(
    "VM 'lab' runs, but this macOS is too old: 'tart exec', through which rusta talks to guests, needs macOS 14 (Sonoma) or newer\nUpdate macOS, then try again.\n",
  );
  expect(stderr).not.toContain('still waiting');
});

describe('a window where nobody sits at the Mac', () => {
  const HINT = 'Without a window it boots anywhere: rusta up lab --no-gui\n';
  const dies = (stderr: string) => mac.configure({ faults: [{ program: 'tart', args: ['run'], do: 'exit', code: 1, stderr }] });

  test.each([
    ['Tart says so', {}, 'FAILED TO establish the default connection to the WindowServer, _CGSDefaultConnection() is NULL.\n', true],
    ['over ssh, whatever Tart says', { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' }, 'Abort trap: 6\n', true],
    ['at the Mac, another failure', {}, 'The number of VMs exceeds the system limit\n', false],
  ])('%s', async (_what, env, stderr, hinted) => {
    await mac.addVm('lab');
    dies(stderr);
    const result = await mac.rusta(['up', 'lab', '--graphical'], { env });
    expect(result.code).toBe(1);
    expect(result.stderr.endsWith(HINT)).toBe(hinted);
  });

  test('a boot without one says nothing of it', async () => {
    await mac.addVm('lab');
    dies('Abort trap: 6\n');
    const result = await mac.rusta(['up', 'lab'], { env: { SSH_CONNECTION: '10.0.0.1 50000 10.0.0.2 22' } });
    expect(result).toMatchObject({ code: 1, stderr: expect.not.stringContaining('--no-gui') });
  });
});

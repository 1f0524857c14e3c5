/** Which way a connection takes: the address, the guest agent, or none. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { freePort } from '../../sandbox/mac/layout.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { hasManyAddresses } from '../../sandbox/scratch/loopback.ts';
import { atAddress, atLoopback, BANNER, type ServerOptions } from './helpers/connect-servers.ts';

setDefaultTimeout(60_000);
let mac: Mac;
let port: number;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  port = freePort();
});
afterEach(() => mac[Symbol.asyncDispose]());

const connect = (stdin: string | Uint8Array, ...flags: string[]) =>
  mac.rusta(['connect', 'lab', ...flags], { env: { RUSTA_SSH_PORT: String(port) }, stdin });

describe.skipIf(!hasManyAddresses())('an address that is none', () => {
  test.each<[string, ServerOptions]>([
    ['says nothing for two seconds', { greeting: '' }],
    ['is no SSH server', { greeting: 'Not allowed at this time\r\n' }],
  ])('%s', async (_, options) => {
    using address = atAddress(mac, port, options);
    using server = atLoopback(port);
    const answer = await connect('to the guest');
    expect(answer).toEqual({ code: 0, signal: null, stdout: BANNER, stderr: '' });
    expect(address.received.bytes).toBe(0);
    expect(server.received.bytes).toBe('to the guest'.length);
  });

  test('one that was silent is not tried again for a while', async () => {
    using address = atAddress(mac, port, { greeting: '' });
    using _ = atLoopback(port);
    await connect('');
    await connect('');
    expect(address.connections).toBe(1);
  });

  test('one that was silent is tried again at once where the agent is gone', async () => {
    using loopback = atLoopback(port);
    {
      using _ = atAddress(mac, port, { greeting: '' });
      await connect('');
    }
    mac.configure({ faults: [{ program: 'tart', args: ['exec'], do: 'exit', code: 1, stderr: 'no agent' }] });
    using address = atAddress(mac, port);
    expect(await connect('')).toMatchObject({ code: 0, stdout: BANNER });
    expect([loopback.connections, address.connections]).toEqual([1, 1]);
  });

  test('--via-agent does not try it', async () => {
    using address = atAddress(mac, port);
    using _ = atLoopback(port);
    expect(await connect('', '--via-agent')).toMatchObject({ code: 0, stdout: BANNER });
    expect(address.connections).toBe(0);
  });
});

test('an address of this boot costs no call of tart', async () => {
  using _ = atAddress(mac, port);
  await connect('');
  const before = mac.calls('tart').length;
  expect(await connect('')).toMatchObject({ code: 0, stdout: BANNER });
  expect(mac.calls('tart').slice(before)).toEqual([]);
});

describe('where there is no way', () => {
  test('neither address nor agent: both are told', async () => {
    await using bare = await createMac({ knobs: { behavior: { agent: 'never' } } });
    await bare.addVm('lab', { running: true });
    const answer = await bare.rusta(['connect', 'lab'], { env: { RUSTA_SSH_PORT: String(port) } });
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toStartWith(
      `[error] VM 'lab' cannot be reached: ECONNREFUSED from ${bare.vm('lab').address}:${port}, and its guest agent does not answer\n`,
    );
    expect(answer.stderr).toContain("'rusta doctor lab'");
  });

  test('a guest without sshd is told from one without a way', async () => {
    const answer = await mac.rusta(['connect', 'lab'], { env: { RUSTA_SSH_PORT: String(port), RUSTA_SSH_TIMEOUT: '1' } });
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain(`127.0.0.1:${port}: Connection refused\n`);
    expect(answer.stderr).toContain("[error] the way to sshd of VM 'lab' through its guest agent ended with exit code");
    expect(answer.stderr).toContain('tart exec lab systemctl status ssh');
  });

  test('a VM that is off, and one that is not there', async () => {
    await mac.addVm('off');
    expect(await mac.rusta(['connect', 'off'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: "[error] VM 'off' is not running\nStart it with 'rusta up off'.\n",
    });
    expect(await mac.rusta(['connect', 'nobody'])).toMatchObject({ code: 2, stdout: '' });
    expect(await mac.rusta(['connect'])).toMatchObject({ code: 1, stderr: expect.stringContaining('VM name is required') });
  });
});

test('--auto-up boots the VM; what is said of that goes to stderr', async () => {
  await mac.addVm('off');
  const answer = await mac.rusta(['connect', 'off', '--auto-up'], { env: { RUSTA_SSH_TIMEOUT: '20' }, stdin: '' });
  expect(answer).toMatchObject({ code: 0, stdout: expect.stringMatching(/^SSH-2\.0-OpenSSH/) });
  expect(answer.stderr).toContain("[ok] VM 'off' is running\n");
  expect(mac.vm('off').isRunning).toBe(true);
});

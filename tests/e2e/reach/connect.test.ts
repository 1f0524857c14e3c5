import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { freePort } from '../../sandbox/layout.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { processesOf } from '../../sandbox/processes.ts';
import { hasManyAddresses } from '../../sandbox/scratch/loopback.ts';
import { procText } from '../../sandbox/system/processes.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands } from '../state.ts';
import { type ServerOptions, serve, sha256 } from './connect-servers.ts';

setDefaultTimeout(60_000);
const BANNER = 'SSH-2.0-test\r\n';
const MEGABYTES = new Uint8Array(20_000_000).map((_, index) => (index * 31 + (index >> 8)) % 256);
let mac: Mac;
let port: number;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  port = freePort();
});
afterEach(() => mac[Symbol.asyncDispose]());

/** A server of the guest's: at its address, or on its loopback alone. */
const atAddress = (options?: ServerOptions) => serve(mac.vm('lab').address ?? '', port, options);
const atLoopback = (options?: ServerOptions) => serve('127.0.0.1', port, options);
const env = () => ({ ...mac.env, RUSTA_SSH_PORT: String(port) });
const connect = (stdin: string | Uint8Array, ...flags: string[]) =>
  mac.rusta(['connect', 'lab', ...flags], { env: { RUSTA_SSH_PORT: String(port) }, stdin });

/** Runs it between pipes and returns what it wrote, in bytes. */
async function pipe(stdin: Uint8Array): Promise<{ readonly code: number; readonly stdout: Uint8Array; readonly stderr: string }> {
  const child = Bun.spawn([RUSTA, 'connect', 'lab'], { env: env(), stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.write(stdin);
  const ended = child.stdin.end();
  const [stdout, stderr] = await Promise.all([child.stdout.bytes(), child.stderr.text(), ended]);
  return { code: await child.exited, stdout, stderr };
}

const isExec = (call: string) => call.startsWith('exec -i lab perl ');
const ways = [
  { way: 'the address', open: atAddress },
  { way: 'the guest agent', open: atLoopback },
];

describe.skipIf(!hasManyAddresses()).each(ways)('through $way', ({ way, open }) => {
  test('bytes arrive as they are, both ways, and nothing else is on stdout', async () => {
    using server = open({ sends: MEGABYTES });
    const { code, stdout, stderr } = await pipe(MEGABYTES);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(new TextDecoder().decode(stdout.subarray(0, BANNER.length))).toBe(BANNER);
    expect(sha256(stdout.subarray(BANNER.length))).toBe(sha256(MEGABYTES));
    expect(server.received).toEqual({ bytes: MEGABYTES.length, sha256: sha256(MEGABYTES) });
    expect(commands(mac, 'tart').some(isExec)).toBe(way === 'the guest agent');
  });

  test('the end of stdin is passed on, and what the server says then still arrives', async () => {
    using server = open({ closesAtEnd: false });
    const started = mac.start(RUSTA, ['connect', 'lab'], { env: env() });
    await started.waitFor('SSH-2.0-test');
    started.write('the last words');
    started.endInput();
    await server.inputEnded;
    expect(server.received.bytes).toBe('the last words'.length);
    server.end();
    expect(await started.exited).toMatchObject({ code: 0, stdout: BANNER, stderr: '' });
  });

  test('it ends when the connection is cut, though nobody ends stdin', async () => {
    using server = open();
    const started = mac.start(RUSTA, ['connect', 'lab'], { env: env() });
    await started.waitFor('SSH-2.0-test');
    server.cut();
    expect((await started.exited).stdout).toBe(BANNER);
  });

  test('a signal ends it, and the server hears of it', async () => {
    using server = open();
    const started = mac.start(RUSTA, ['connect', 'lab'], { env: env() });
    await started.waitFor('SSH-2.0-test');
    started.kill('SIGHUP');
    expect(await started.exited).toMatchObject({ code: 129, stdout: BANNER, stderr: '' });
    await server.inputEnded;
  });

  test('kill -9 of whoever uses it leaves nothing behind', async () => {
    using server = open();
    const user = Bun.spawn(['sh', '-c', `'${RUSTA}' connect lab | cat > /dev/null & wait`], {
      env: env(),
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await waitUntil('the connection', () => server.connections === 1);
    user.kill('SIGKILL');
    await user.stdin.end();
    await server.inputEnded;
  });
});

test.skipIf(process.platform !== 'linux')('a reader that is slow is waited for: no more than some chunks are held', async () => {
  const bytes = 300_000_000;
  using _ = atAddress({ sends: new Uint8Array(bytes) });
  const child = Bun.spawn(['bash', '-c', `exec 4<&0; '${RUSTA}' connect lab < /dev/null | { read -r go <&4; cat; }`], {
    env: env(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const peak = () => {
    const pid = processesOf(mac.root).find((each) => procText(`${each}/cmdline`).startsWith(`${RUSTA}\0connect`));
    return Number(/VmHWM:\s+(\d+) kB/.exec(procText(`${pid}/status`))?.[1] ?? 0) / 1_000;
  };
  await waitUntil('it to run', () => peak() > 0);
  // Long enough to take in all of it, if it would.
  await Bun.sleep(1_500);
  expect(peak()).toBeLessThan(150);
  child.stdin.write('go\n');
  await child.stdin.end();
  expect((await child.stdout.bytes()).length).toBe(bytes + BANNER.length);
});

describe.skipIf(!hasManyAddresses())('an address that is none', () => {
  test.each<[string, ServerOptions]>([
    ['says nothing for two seconds', { greeting: '' }],
    ['is no SSH server', { greeting: 'Not allowed at this time\r\n' }],
  ])('%s', async (_, options) => {
    using address = atAddress(options);
    using server = atLoopback();
    const answer = await connect('to the guest');
    expect(answer).toEqual({ code: 0, signal: null, stdout: BANNER, stderr: '' });
    expect(address.received.bytes).toBe(0);
    expect(server.received.bytes).toBe('to the guest'.length);
  });

  test('one that was silent is not tried again for a while', async () => {
    using address = atAddress({ greeting: '' });
    using _ = atLoopback();
    await connect('');
    await connect('');
    expect(address.connections).toBe(1);
  });

  test('one that was silent is tried again at once where the agent is gone', async () => {
    using loopback = atLoopback();
    {
      using _ = atAddress({ greeting: '' });
      await connect('');
    }
    mac.configure({ faults: [{ program: 'tart', args: ['exec'], do: 'exit', code: 1, stderr: 'no agent' }] });
    using address = atAddress();
    expect(await connect('')).toMatchObject({ code: 0, stdout: BANNER });
    expect([loopback.connections, address.connections]).toEqual([1, 1]);
  });

  test('--via-agent does not try it', async () => {
    using address = atAddress();
    using _ = atLoopback();
    expect(await connect('', '--via-agent')).toMatchObject({ code: 0, stdout: BANNER });
    expect(address.connections).toBe(0);
  });
});

test('an address of this boot costs no call of tart', async () => {
  using _ = atAddress();
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

test('a log holds nothing of what it carries', async () => {
  using _ = atLoopback();
  await mac.rusta(['connect', 'lab', '--via-agent', '--log', 'rusta.log'], { env: { RUSTA_SSH_PORT: String(port) }, stdin: '' });
  expect(await Bun.file(`${mac.home}/rusta.log`).text()).not.toContain('SSH-2.0');
});

/** What goes over a connection, and how it ends. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { closeSync, constants, existsSync, openSync, readlinkSync } from 'node:fs';
import { freePort } from '../../sandbox/mac/layout.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { processesOf } from '../../sandbox/processes.ts';
import { hasManyAddresses } from '../../sandbox/scratch/loopback.ts';
import { procText } from '../../sandbox/system/processes.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { waitUntil } from '../../sandbox/wait.ts';
import { RUSTA } from '../rusta.ts';
import { commands } from '../state.ts';
import { atAddress, atLoopback, BANNER, type ServerOptions, sha256 } from './helpers/connect-servers.ts';

setDefaultTimeout(60_000);
const MEGABYTES = new Uint8Array(20_000_000).map((_, index) => (index * 31 + (index >> 8)) % 256);
let mac: Mac;
let port: number;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  port = freePort();
});
afterEach(() => mac[Symbol.asyncDispose]());

const env = () => ({ ...mac.env, RUSTA_SSH_PORT: String(port) });

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
  { way: 'the address', open: (options?: ServerOptions) => atAddress(mac, port, options) },
  { way: 'the guest agent', open: (options?: ServerOptions) => atLoopback(port, options) },
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
  using _ = atAddress(mac, port, { sends: new Uint8Array(bytes) });
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

test.skipIf(!hasManyAddresses())('stdin that cannot be read is one error, and the server hears of its end', async () => {
  using server = atAddress(mac, port);
  const { code, stderr } = await mac.run('sh', ['-c', '"$0" connect lab < /', RUSTA], { env: env() });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\[error\] a system call failed: EISDIR: .*\n$/);
  await server.inputEnded;
});

test.skipIf(!hasManyAddresses() || !existsSync('/dev/full'))(
  'a full disk where stdout goes is one error, and the server hears of its end',
  async () => {
    using server = atAddress(mac, port, { sends: MEGABYTES });
    const { code, stderr } = await mac.run('sh', ['-c', '"$0" connect lab > /dev/full', RUSTA], { env: env() });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '[error] standard output cannot be written: ENOSPC (the disk is full)\n' });
    await server.inputEnded;
  },
);

test.skipIf(process.platform !== 'linux')(
  "another session's terminal that is closed under its stdout ends it, and is no error",
  async () => {
    using server = atAddress(mac, port);
    await using terminal = openTerminal(mac, 'cat', []);
    const output = openSync(readlinkSync(`/proc/${terminal.pid}/fd/1`), constants.O_WRONLY | constants.O_NOCTTY);
    const child = Bun.spawn([RUSTA, 'connect', 'lab'], { env: env(), stdio: ['pipe', output, 'pipe'], detached: true });
    closeSync(output);
    await terminal.waitFor('SSH-2.0-test');
    terminal.close();
    await terminal.exited;
    server.say('too late');
    expect({ stderr: await child.stderr.text(), code: await child.exited }).toEqual({ stderr: '', code: 0 });
    await server.inputEnded;
  },
);

test('a log holds nothing of what it carries', async () => {
  using _ = atLoopback(port);
  await mac.rusta(['connect', 'lab', '--via-agent', '--log', 'rusta.log'], { env: { RUSTA_SSH_PORT: String(port) }, stdin: '' });
  expect(await Bun.file(`${mac.home}/rusta.log`).text()).not.toContain('SSH-2.0');
});

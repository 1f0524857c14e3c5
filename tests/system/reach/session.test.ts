import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { RUSTA } from '../../e2e/rusta.ts';
import { writeState } from '../../e2e/state.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { cannotRun, macWithRunningLab, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';
import { unlikelyPassword, watchCommandLines } from '../watch.ts';

setDefaultTimeout(TEST_MS);
const MEGABYTE = 1_000_000;

describe.skipIf(cannotRun())('rusta ssh with the real ssh and sshpass', () => {
  let mac: Mac;
  beforeAll(async () => {
    mac = await macWithRunningLab();
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());
  const ssh = (words: string[], stdin?: string | Uint8Array) =>
    mac.rusta(['ssh', 'lab', '--', ...words], { timeoutMs: STEP_MS, ...(stdin === undefined ? {} : { stdin }) });

  test('several words keep their boundaries, one word is a command line', async () => {
    const words = ['printf', '<%s>', 'a b', '$HOME', "it's", '"', '-x', '*', 'ä\nö', ''];
    expect(await ssh(words)).toMatchObject({ code: 0, stdout: `<a b><$HOME><it's><"><-x><*><ä\nö><>`, stderr: '' });
    expect(await ssh(['cd /etc && echo "$PWD" | tr a-z A-Z'])).toMatchObject({ code: 0, stdout: '/ETC\n', stderr: '' });
  });

  test('streams stay apart, and exit codes of signals and missing programs arrive', async () => {
    expect(await ssh(['echo out; echo err >&2; exit 3'])).toMatchObject({ code: 3, stdout: 'out\n', stderr: 'err\n' });
    expect(await ssh(['no-such-program'])).toMatchObject({ code: 127, stdout: '' });
    // ssh has one code for what it cannot tell: a remote program ended by a signal.
    expect(await ssh(['kill -9 $$'])).toMatchObject({ code: 255 });
  });

  test('under --json both streams and the exit code are in one document, and stdin is handed on', async () => {
    const answer = await mac.rusta(['ssh', '--json', 'lab', '--', 'cat; echo err >&2; exit 3'], { timeoutMs: STEP_MS, stdin: 'in' });
    expect(answer).toMatchObject({ code: 3, stderr: '' });
    const result = { vm: 'lab', exit_code: 3, stdout: 'in', stderr: 'err\n' };
    expect(JSON.parse(answer.stdout)).toEqual({ schema: 1, ok: true, result });
    const refused = await mac.rusta(['ssh', '--json', 'lab', '--password', 'wrong', '--', 'true'], { timeoutMs: STEP_MS });
    expect(JSON.parse(refused.stdout)).toMatchObject({ ok: false, error: { code: 'login_refused', exit: 5 } });
  });

  test('5 MB arrive in a file byte for byte, and come back', async () => {
    const bytes = new Uint8Array(5 * MEGABYTE).map((_, index) => (index * 31 + (index >> 8)) % 256);
    const hash = new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
    expect(await ssh(['cat > file'], bytes)).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect((await ssh(['sha256sum < file'])).stdout).toBe(`${hash}  -\n`);
    const back = Bun.spawn([RUSTA, 'ssh', 'lab', '--', 'cat', 'file'], {
      env: mac.env,
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'inherit',
    });
    expect(new Bun.CryptoHasher('sha256').update(await back.stdout.bytes()).digest('hex')).toBe(hash);
    expect(await back.exited).toBe(0);
  });

  test('without a terminal there is none in the guest either', async () => {
    expect(await ssh(['tty'])).toMatchObject({ code: 1, stdout: 'not a tty\n' });
  });

  test('on a terminal it is an interactive shell, with size, Ctrl-C and exit code', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['ssh', 'lab'], { cols: 90, rows: 30 });
    await terminal.waitFor('admin@ubuntu:~$ ');
    terminal.type('tty; stty size\n');
    await terminal.waitFor(/^\/dev\/pts\/\d+\n30 90$/m);
    terminal.resize(100, 40);
    terminal.type('until stty size | grep -qx "40 100"; do :; done; echo resized\n');
    await terminal.waitFor(/^resized$/m);
    // What Ctrl-C ends is the remote program, not the session. It says itself that it runs: the shell would, a moment too early.
    terminal.type("sh -c 'echo begin; exec sleep 1000'\n");
    await terminal.waitFor(/^begin$/m);
    terminal.press('ctrl-c');
    await terminal.waitFor('admin@ubuntu:~$ ');
    terminal.type('exit 3\n');
    expect(await terminal.exited).toEqual({ code: 3, signal: null });
  });

  test('a wrong password ends it at once, and says so', async () => {
    writeState(mac, '[vms.lab]\npassword = "wrong"\n');
    const result = await ssh(['true']);
    writeState(mac, '');
    expect(result.code).not.toBe(0);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain('Permission denied');
    expect(await ssh(['true'])).toMatchObject({ code: 0 });
  });

  test('the password is in no process list while a session is open', async () => {
    const password = unlikelyPassword();
    expect(await ssh(['sudo chpasswd'], `admin:${password}\n`)).toMatchObject({ code: 0 });
    writeState(mac, `[vms.lab]\npassword = "${password}"\n`);
    const watch = watchCommandLines();
    const session = mac.start(RUSTA, ['ssh', 'lab', '--', 'echo ready; cat']);
    await session.waitFor('ready', STEP_MS);
    session.endInput();
    expect((await session.exited).code).toBe(0);
    const seen = watch.seen();
    const of = (text: string) => seen.filter((line) => line.includes(text));
    expect(of('sshpass -e ssh ')).not.toEqual([]);
    expect(of('echo ready; cat')).not.toEqual([]);
    expect(of(password)).toEqual([]);
  });

  test('a session ends when its VM is shut down', async () => {
    await using terminal = openTerminal(mac, RUSTA, ['ssh', 'lab']);
    await terminal.waitFor('admin@ubuntu:~$ ');
    await rustaOk(mac, 'down', 'lab');
    expect((await terminal.exited).code).toBe(255);
  });
});

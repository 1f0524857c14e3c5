import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { RUSTA } from '../rusta.ts';
import { commands, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
});
afterEach(() => mac[Symbol.asyncDispose]());

test('a session on a terminal gets a terminal in the guest (spec 10, item 22)', async () => {
  await mac.addVm('lab');
  await mac.rusta(['up', 'lab']);
  await using terminal = openTerminal(mac, RUSTA, ['ssh', 'lab']);
  terminal.type('echo "in $(id -un)"; [ -t 0 ] && echo with-terminal; exit 3\n');
  await terminal.waitFor('with-terminal');
  expect((await terminal.exited).code).toBe(3);
  expect(mac.calls('ssh').at(-1)?.args).toContain('-t');
});

test('a remote command runs and its output and exit code are those of rusta (spec 10, item 23)', async () => {
  await mac.addVm('lab', { running: true });
  expect(await mac.rusta(['ssh', 'lab', '--', 'uname', '-a'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('aarch64'),
    stderr: '',
  });
  expect(await mac.rusta(['ssh', 'lab', '--', 'exit 7'])).toMatchObject({ code: 7, stdout: '', stderr: '' });
  expect(await mac.rusta(['ssh', 'lab', '--', 'echo out; echo err >&2'])).toMatchObject({ code: 0, stdout: 'out\n', stderr: 'err\n' });
});

test('several words keep their boundaries, one word is a command line', async () => {
  await mac.addVm('lab', { running: true });
  const words = ['printf', '<%s>', 'a b', '$HOME', "it's", '-x', ''];
  expect(await mac.rusta(['ssh', 'lab', '--', ...words])).toMatchObject({ code: 0, stdout: "<a b><$HOME><it's><-x><>" });
  expect(await mac.rusta(['ssh', 'lab', '--', 'printf "<%s>" a b'])).toMatchObject({ code: 0, stdout: '<a><b>' });
  expect(await mac.rusta(['ssh', 'lab', '--', 'echo', '--help', '--verbose'])).toMatchObject({ code: 0, stdout: '--help --verbose\n' });
});

test('what is piped in arrives, byte for byte', async () => {
  await mac.addVm('lab', { running: true });
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const { stdout } = await mac.rusta(['ssh', 'lab', '--', 'sha256sum'], { stdin: bytes });
  expect(stdout.split(' ')[0]).toBe(new Bun.CryptoHasher('sha256').update(bytes).digest('hex'));
});

test('the options of spec 6.2, and the password in the environment alone', async () => {
  await mac.addVm('lab', { running: true });
  await mac.rusta(['ssh', 'lab', '--', 'true']);
  const call = mac.calls('sshpass').at(-1);
  expect(call?.args.slice(0, 2)).toEqual(['-e', 'ssh']);
  expect(call?.env).toMatchObject({ SSHPASS: 'admin' });
  const options = call?.args.filter((_, index, args) => args[index - 1] === '-o');
  expect(options?.slice(0, 7)).toEqual([
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'ConnectTimeout=10',
    'ServerAliveInterval=30',
    'ServerAliveCountMax=120',
    'PubkeyAuthentication=no',
    'LogLevel=ERROR',
  ]);
});

test('a login that create was told of is used, and its password shows nowhere', async () => {
  mac.configure({ user: 'dev', password: 'pa$$ word' });
  expect(await mac.rusta(['create', 'lab', '--user', 'dev', '--password', 'pa$$ word'])).toMatchObject({ code: 0 });
  const log = `${mac.home}/run.log`;
  const result = await mac.rusta(['ssh', 'lab', '--auto-up', '--verbose', '--log', log, '--', 'id', '-un']);
  expect(result).toMatchObject({ code: 0 });
  expect(mac.calls('sshpass').at(-1)?.env).toMatchObject({ SSHPASS: 'pa$$ word' });
  expect(JSON.stringify(mac.calls().map(({ args }) => args))).not.toContain('pa$$');
  expect(`${result.stdout}${result.stderr}${await Bun.file(log).text()}`).not.toContain('pa$$');
});

test('a VM that is off is not started, unless --auto-up says so', async () => {
  await mac.addVm('lab');
  expect(await mac.rusta(['ssh', 'lab', '--', 'true'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: "[error] VM 'lab' is not running\nStart it with 'rusta up lab'.\n",
  });
  const up = await mac.rusta(['ssh', 'lab', '--auto-up', '--', 'echo', 'hello']);
  expect(up).toMatchObject({ code: 0, stdout: 'hello\n' });
  expect(up.stderr).toContain("[ok] VM 'lab' is running");
  // One when it is refused; then ssh and up look once each, and up again under the VM's lock.
  expect(commands(mac, 'tart').filter((line) => line.startsWith('list'))).toHaveLength(4);
});

test('an SSH server that is late is waited for', async () => {
  mac.configure({ timing: { ssh: 700 } });
  await mac.addVm('lab');
  expect(await mac.rusta(['ssh', 'lab', '--auto-up', '--', 'true'])).toMatchObject({ code: 0 });
});

test('one that never comes is told, with the last answer', async () => {
  mac.configure({ behavior: { ssh: 'never' } });
  await mac.addVm('lab', { running: true });
  const result = await mac.rusta(['ssh', 'lab', '--', 'true'], { env: { RUSTA_SSH_TIMEOUT: '1' } });
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toMatch(/waited \d+ s for the SSH server of VM 'lab'; last answer: Connection refused \(127\.[\d.]+:\d+\)/);
  expect(commands(mac, 'ssh').length).toBeGreaterThan(1);
});

test('a refused password says what to do', async () => {
  await mac.addVm('lab', { running: true });
  writeState(mac, '[vms.lab]\npassword = "wrong"\n');
  const result = await mac.rusta(['ssh', 'lab', '--', 'true']);
  expect(result.code).toBe(5);
  expect(result.stderr).toContain("[error] VM 'lab' refused the password of user 'admin'");
  expect(result.stderr).toContain('--user <username> --password <password>');
  expect(await mac.rusta(['ssh', 'lab', '--password', 'admin', '--', 'exit 5'])).toMatchObject({ code: 5, stderr: '' });
});

describe('sshpass', () => {
  test('is installed when it is missing, for ssh alone', async () => {
    await using bare = await createMac({ without: ['sshpass'] });
    await bare.addVm('lab', { running: true });
    await bare.rusta(['list']);
    expect(commands(bare, 'brew')).toEqual([]);
    const result = await bare.rusta(['ssh', 'lab', '--', 'echo', 'hello']);
    expect(result).toMatchObject({ code: 0, stdout: 'hello\n', stderr: '==> Installing sshpass with Homebrew (sshpass)\n' });
    expect(commands(bare, 'brew')).toEqual(['install sshpass']);
  });
});

test.each(['0', '70000', 'x'])('a port that is none (%p) is an error', async (port) => {
  await mac.addVm('lab', { running: true });
  const result = await mac.rusta(['ssh', 'lab', '--', 'true'], { env: { RUSTA_SSH_PORT: port } });
  expect(result).toMatchObject({ code: 1, stdout: '', stderr: `[error] RUSTA_SSH_PORT is '${port}', not a port number\n` });
});

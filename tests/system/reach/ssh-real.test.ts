import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUSTA } from '../../e2e/rusta.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { openTerminal } from '../../sandbox/terminal.ts';
import { cannotRun, macWithRunningLab, rustaOk, STEP_MS, TEST_MS } from '../guest.ts';

setDefaultTimeout(TEST_MS);
const MEGABYTE = 1_000_000;

describe.skipIf(cannotRun())('22, 23: rusta ssh on a guest that boots', () => {
  let mac: Mac;
  beforeAll(async () => {
    mac = await macWithRunningLab();
  }, TEST_MS);
  afterAll(() => mac?.[Symbol.asyncDispose]());
  const ssh = (words: string[], env: Record<string, string> = {}) => mac.rusta(['ssh', 'lab', '--', ...words], { timeoutMs: STEP_MS, env });
  /** Past ssh, which may be what does not work. */
  const asRoot = async (command: string) =>
    expect(await mac.run('tart', ['exec', 'lab', 'sudo', 'sh', '-c', command])).toMatchObject({ code: 0 });

  test('50 MB arrive in a file byte for byte, and come back', async () => {
    const bytes = new Uint8Array(50 * MEGABYTE).map((_, index) => (index * 31 + (index >> 8)) % 256);
    const [there, back] = [join(mac.root, 'there.bin'), join(mac.root, 'back.bin')];
    await Bun.write(there, bytes);
    const through = async (command: string, stdin: string, stdout: string) => {
      const child = Bun.spawn([RUSTA, 'ssh', 'lab', '--', command], {
        env: mac.env,
        stdio: [Bun.file(stdin), Bun.file(stdout), 'inherit'],
      });
      return child.exited;
    };
    expect(await through('cat > f', there, join(mac.root, 'nothing'))).toBe(0);
    expect(await through('cat f', '/dev/null', back)).toBe(0);
    const hash = async (path: string) => new Bun.CryptoHasher('sha256').update(await Bun.file(path).bytes()).digest('hex');
    expect(await hash(back)).toBe(await hash(there));
    expect(await Bun.file(join(mac.root, 'nothing')).text()).toBe('');
  });

  test('a remote program has the size of the terminal, follows it, and gets Ctrl-C, which rusta does not', async () => {
    const program = `trap 'echo "resized to $(stty size)"' WINCH; trap 'echo interrupted; exit 9' INT
      echo "begins at $(stty size)"; while :; do sleep 0.05; done`;
    await using terminal = openTerminal(mac, RUSTA, ['ssh', 'lab', '--', program], { cols: 90, rows: 30 });
    await terminal.waitFor('begins at 30 90', STEP_MS);
    terminal.resize(100, 40);
    await terminal.waitFor('resized to 40 100');
    terminal.press('ctrl-c');
    expect(await terminal.exited).toEqual({ code: 9, signal: null });
    expect(terminal.screen).toContain('interrupted\n');
  });

  test('a VM whose sshd comes up late is waited for', async () => {
    await asRoot(`mkdir -p /etc/systemd/system/ssh.service.d
      printf '[Service]\\nExecStartPre=/bin/sleep 3\\n' > /etc/systemd/system/ssh.service.d/late.conf`);
    await rustaOk(mac, 'down', 'lab');
    await rustaOk(mac, 'up', 'lab');
    expect((await mac.run('tart', ['exec', 'lab', 'systemctl', 'is-active', 'ssh'])).stdout).toBe('activating\n');
    expect(await ssh(['echo in'])).toMatchObject({ code: 0, stdout: 'in\n', stderr: '' });
    await asRoot('rm -r /etc/systemd/system/ssh.service.d && systemctl daemon-reload');
    await rustaOk(mac, 'down', 'lab');
    expect(await mac.rusta(['ssh', 'lab', '--auto-up', '--', 'echo in'], { timeoutMs: STEP_MS })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\bin\n$/),
    });
  });

  test('a wrong password and a server that does not answer are told apart', async () => {
    const refused = await mac.rusta(['ssh', 'lab', '--password', 'wrong', '--', 'true'], { timeoutMs: STEP_MS });
    expect(refused).toMatchObject({ code: 5, stdout: '' });
    expect(refused.stderr).toContain("[error] VM 'lab' refused the password of user 'admin'");
    expect(refused.stderr).toContain('rusta ssh lab --user <username> --password <password>');
    expect(refused.stderr).not.toContain('wrong\n');

    await asRoot('systemctl stop ssh; pkill -x sshd || true');
    const closed = await ssh(['true'], { RUSTA_SSH_TIMEOUT: '1' });
    expect(closed).toMatchObject({ code: 1, stdout: '' });
    expect(closed.stderr).toMatch(/\[error\] waited \d+ s for the SSH server of VM 'lab'; last answer: Connection refused/);
    expect(closed.stderr).toContain('tart exec lab systemctl status ssh');
    await asRoot('systemctl start ssh');

    await asRoot('ip link set enp0s1 down');
    const unreachable = await ssh(['echo in']);
    expect(unreachable).toMatchObject({ code: 0, stdout: 'in\n' });
    expect(unreachable.stderr).toMatch(
      /^\[warn\] VM 'lab' (has no address|cannot be reached at [\d.]+) \(.*\): going through its guest agent\./,
    );
    await asRoot('ip link set enp0s1 up');
    expect(await ssh(['true'])).toMatchObject({ code: 0 });
  });

  test('a connection that breaks is told from a command that ends so', async () => {
    expect(await ssh(['exit 255'])).toMatchObject({ code: 255, stderr: '' });
    expect(await ssh(['exit 5'])).toMatchObject({ code: 5, stderr: '' });
    const session = mac.start(RUSTA, ['ssh', 'lab', '--', 'echo begins; exec sleep 1000']);
    await session.waitFor('begins', STEP_MS);
    await asRoot('systemctl stop ssh && pkill -KILL sshd');
    const { code, stderr } = await session.exited;
    expect(code).toBe(255);
    expect(stderr).toContain("[error] the connection to VM 'lab'");
    await asRoot('systemctl start ssh');
  });

  // What is good against strangers' servers must not lock the user out of a VM of their own.
  test.each([
    'BatchMode yes\n  PasswordAuthentication no\n  NumberOfPasswordPrompts 0',
    'PreferredAuthentications publickey\n  User somebody\n  Port 2222\n  RequestTTY force\n  StrictHostKeyChecking yes',
    'RemoteCommand echo theirs\n  ProxyCommand false',
    'ControlMaster auto\n  ControlPath /tmp/rusta-%C\n  ControlPersist 5',
  ])("the user's own settings for all hosts do not get in the way: %s", async (settings) => {
    const config = join(mac.home, '.ssh/config');
    mkdirSync(join(mac.home, '.ssh'), { recursive: true, mode: 0o700 });
    writeFileSync(config, `Host *\n  ${settings}\n`);
    writeFileSync(join(mac.home, '.ssh/id_x'), 'a key\n');
    const copied = await mac.rusta(['ssh-copy', 'lab'], { timeoutMs: STEP_MS });
    const answer = await mac.rusta(['ssh', 'lab', '--', 'cat; echo in'], { timeoutMs: STEP_MS, stdin: 'sent\n' });
    rmSync(config);
    expect(copied).toMatchObject({ code: 0, stderr: '' });
    expect(answer).toMatchObject({ code: 0, stdout: 'sent\nin\n', stderr: '' });
  });
});

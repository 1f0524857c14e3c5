import { describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMac, type Mac, type MacOptions } from '../../mac.ts';
import { openTerminal } from '../../terminal.ts';

async function running(options: MacOptions = {}): Promise<{ mac: Mac; ip: string } & AsyncDisposable> {
  const mac = await createMac(options);
  const vm = await mac.addVm('lab', { running: true });
  return { mac, ip: vm.address ?? '', [Symbol.asyncDispose]: () => mac[Symbol.asyncDispose]() };
}

const options = [
  '-o',
  'StrictHostKeyChecking=no',
  '-o',
  'UserKnownHostsFile=/dev/null',
  '-o',
  'PubkeyAuthentication=no',
  '-o',
  'LogLevel=ERROR',
];
const env = { SSHPASS: 'admin' };
const denied = { code: 255, stderr: expect.stringContaining('Permission denied (publickey,password).') };

describe('ssh', () => {
  test('runs the joined words in the account’s shell, at home, and returns its code', async () => {
    await using it = await running();
    const { mac, ip } = it;
    const ssh = (...command: string[]) => mac.run('sshpass', ['-e', 'ssh', ...options, `admin@${ip}`, ...command], { env });
    expect(await ssh('echo', '$USER', '"a   b"', '>&2;', 'exit', '3')).toMatchObject({ code: 3, stdout: '', stderr: 'admin a   b\n' });
    expect((await ssh('pwd')).stdout.trim()).toBe(join(mac.vm('lab').guest, 'home/admin'));
    expect((await ssh('kill -9 $$')).code).toBe(255);
    const dashes = await mac.run('sshpass', ['-e', 'ssh', ...options, '-l', 'admin', '--', ip, '-x'], { env });
    expect(dashes).toMatchObject({ code: 2, stderr: expect.stringContaining('option requires an argument') });
    expect(mac.calls('ssh')[0]?.env).not.toHaveProperty('SSHPASS');
    expect(mac.calls('sshpass')[0]?.env).toMatchObject({ SSHPASS: 'admin' });
  });

  test('a wrong password is 5 under sshpass; none at all is 255', async () => {
    await using it = await running({ knobs: { user: 'me', password: 'secret' } });
    const { mac, ip } = it;
    const wrong = await mac.run('sshpass', ['-e', 'ssh', ...options, `me@${ip}`, 'true'], { env });
    expect(wrong).toMatchObject({ code: 5, stderr: expect.stringContaining('Permission denied') });
    expect(await mac.run('ssh', [...options, `me@${ip}`, 'true'])).toMatchObject(denied);
    const right = await mac.run('sshpass', ['-e', 'ssh', ...options, `me@${ip}`, 'whoami'], { env: { SSHPASS: 'secret' } });
    expect(right).toMatchObject({ code: 0, stdout: 'me\n' });
    expect(await mac.run('sshpass', ['-e', 'ssh', `me@${ip}`])).toMatchObject({ code: 3 });
  });

  test('asking without any method tells whether sshd is there', async () => {
    await using it = await running();
    const { mac, ip } = it;
    const ask = () => mac.run('ssh', ['-o', 'BatchMode=yes', '-o', 'PreferredAuthentications=none', `admin@${ip}`, 'true']);
    expect(await ask()).toMatchObject(denied);
    await mac.vm('lab').powerOff();
    expect(await ask()).toMatchObject({ code: 255, stderr: `ssh: connect to host ${ip} port 22: Connection refused\n` });
  });

  test('sends its input, and loses its connection with the guest', async () => {
    await using it = await running();
    const { mac, ip } = it;
    const cat = await mac.run('sshpass', ['-e', 'ssh', ...options, `admin@${ip}`, 'cat > f; wc -c < f'], {
      env,
      stdin: 'x'.repeat(100_000),
    });
    expect(cat.stdout.trim()).toBe('100000');
    const sleeping = mac.start('sshpass', ['-e', 'ssh', ...options, `admin@${ip}`, 'echo up; sleep 60'], { env });
    await sleeping.waitFor('up');
    await mac.run('tart', ['stop', 'lab']);
    expect(await sleeping.exited).toMatchObject({ code: 255, stderr: `Connection to ${ip} closed by remote host.\n` });
  });

  test('gives a shell on a terminal', async () => {
    await using it = await running();
    const { mac, ip } = it;
    await using session = openTerminal(mac, 'sshpass', ['-e', 'ssh', ...options, `admin@${ip}`], { env });
    await session.waitFor('$ ');
    session.type('echo $((6*7)) $TERM\r');
    await session.waitFor('42 xterm-256color');
    // Pressed before the next prompt is there, Ctrl-D would be lost.
    await session.waitFor('$ ');
    session.press('ctrl-d');
    expect((await session.exited).code).toBe(0);
  });
});

describe('sshd', () => {
  test('shows its banner on the port that the Mac names, on an address of its own', async () => {
    await using it = await running();
    const { mac, ip } = it;
    const banner = Promise.withResolvers<string>();
    const socket = { data: (_: unknown, bytes: Uint8Array) => banner.resolve(new TextDecoder().decode(bytes)) };
    using _ = await Bun.connect({ hostname: ip, port: Number(mac.env['RUSTA_SSH_PORT']), socket });
    expect(await banner.promise).toStartWith('SSH-2.0-OpenSSH');
  });
});

describe('keys', () => {
  test('ssh-keygen, ssh-copy-id and ~/.ssh/config open the door without a password', async () => {
    await using it = await running();
    const { mac, ip } = it;
    const key = join(mac.home, '.ssh/id_ed25519');
    mkdirSync(join(mac.home, '.ssh'));
    expect((await mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])).code).toBe(0);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    const copy = () =>
      mac.run('sshpass', ['-e', 'ssh-copy-id', '-i', `${key}.pub`, '-o', 'StrictHostKeyChecking=no', `admin@${ip}`], { env });
    expect(await copy()).toMatchObject({ code: 0, stdout: expect.stringContaining('Number of key(s) added:        1') });
    expect(await copy()).toMatchObject({ code: 0, stderr: expect.stringContaining('already exist') });
    writeFileSync(
      join(mac.home, '.ssh/config'),
      `Host other\n  User nobody\n\nHost docker-lab\n  HostName ${ip}\n  User admin\n  IdentityFile ${key}\n`,
    );
    expect(await mac.run('ssh', ['docker-lab', 'whoami'])).toMatchObject({ code: 0, stdout: 'admin\n' });
    expect((await mac.run('ssh', [...options, `admin@${ip}`, 'true'])).code).toBe(255);
  });

  test('a key with a passphrase asks for it, for ever, unless an agent holds it', async () => {
    await using it = await running();
    const { mac, ip } = it;
    const key = join(mac.home, '.ssh/id_ed25519');
    mkdirSync(join(mac.home, '.ssh'));
    await mac.run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'a b', '-f', key]);
    expect(await mac.run('ssh-keygen', ['-y', '-P', '', '-f', key])).toMatchObject({
      code: 255,
      stderr: `Load key "${key}": incorrect passphrase supplied to decrypt private key\n`,
    });
    const copy = ['-e', 'ssh-copy-id', '-i', `${key}.pub`, `admin@${ip}`];
    expect((await mac.run('sshpass', copy, { env })).code).toBe(0);
    for (const argv of [copy, ['-e', 'ssh', '-i', key, `admin@${ip}`, 'true']]) {
      const asking = mac.start('sshpass', argv, { env });
      await asking.waitFor(`Enter passphrase for key '${key}': `);
      asking.kill('SIGKILL');
      await asking.exited;
    }
    expect((await mac.run('ssh', ['-o', 'BatchMode=yes', '-i', key, `admin@${ip}`, 'true'])).code).toBe(255);
    expect((await mac.run('ssh-add', ['-L'])).code).toBe(2);
    const SSH_AUTH_SOCK = join(mac.root, 'agent');
    writeFileSync(SSH_AUTH_SOCK, readFileSync(`${key}.pub`));
    expect(await mac.run('ssh-add', ['-L'], { env: { SSH_AUTH_SOCK } })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('AAAA'),
    });
    expect((await mac.run('ssh', ['-i', key, `admin@${ip}`, 'true'], { env: { SSH_AUTH_SOCK } })).code).toBe(0);
  });

  test('scp copies both ways, with modes, and says what is missing', async () => {
    await using it = await running();
    const { mac, ip } = it;
    const scp = (...words: string[]) => mac.run('sshpass', ['-e', 'scp', '-q', '-p', ...options, ...words], { env });
    writeFileSync(join(mac.home, 'k.pem'), 'key', { mode: 0o600 });
    expect(await scp('k.pem', `admin@${ip}:`)).toMatchObject({ code: 0, stderr: '' });
    const copied = join(mac.vm('lab').guest, 'home/admin/k.pem');
    expect(statSync(copied).mode & 0o777).toBe(0o600);
    expect(mac.events().filter(({ event }) => event === 'upload')).toMatchObject([{ size: 3 }]);
    expect((await scp(`admin@${ip}:k.pem`, 'back')).code).toBe(0);
    expect(readFileSync(join(mac.home, 'back'), 'utf8')).toBe('key');
    expect(await scp('k.pem', `admin@${ip}:.ssh/`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No such file or directory'),
    });
    expect((await scp('absent', `admin@${ip}:`)).code).toBe(1);
  });
});

import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modesCount } from '../../faults/limits.ts';
import { runKilled, setTraps } from '../../sandbox/kill.ts';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { commands } from '../state.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await createMac();
  await mac.addVm('lab', { running: true });
  giveHostKeys('lab', 'of lab');
});
afterEach(() => mac[Symbol.asyncDispose]());

const config = () => join(mac.home, '.ssh/config');
const knownHosts = (vm = 'lab') => join(mac.home, '.local/share/rusta/known_hosts', vm);
const key = (text: string) => Buffer.from(text.padEnd(30)).toString('base64');
const setup = (...args: string[]) => mac.rusta(['ssh-setup', 'lab', ...args]);
const write = (text: string) => {
  mkdirSync(join(mac.home, '.ssh'), { recursive: true, mode: 0o700 });
  writeFileSync(config(), text);
};

function giveHostKeys(vm: string, text: string) {
  const folder = join(mac.vm(vm).guest, 'etc/ssh');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ssh_host_ed25519_key.pub'), `ssh-ed25519 ${key(text)} root@ubuntu\n`);
  writeFileSync(join(folder, 'ssh_host_ecdsa_key.pub'), `ecdsa-sha2-nistp256 ${key(`${text} too`)} root@ubuntu\n`);
}

const block = (program: string, ...more: string[]) => `# >>> rusta rusta-lab >>> changes up to the last line of this block are lost
Host rusta-lab
  ProxyCommand env TART_HOME=${mac.tartHome} RUSTA_SSH_PORT=${mac.env['RUSTA_SSH_PORT']} ${[program, 'connect', 'lab', ...more].join(' ')}
  User admin
  IdentityFile "${mac.home}/.ssh/id_ed25519"
  IdentitiesOnly yes
  PubkeyAuthentication yes
  HostKeyAlias rusta-lab
  UserKnownHostsFile "${knownHosts()}"
  StrictHostKeyChecking yes
  ConnectTimeout ${more.length === 0 ? 60 : 300}
  ServerAliveInterval 30
  ServerAliveCountMax 120
  RemoteCommand none
  PermitLocalCommand no
  ControlMaster no
  ControlPath none
  ForwardX11 no
  Tunnel no
  ExitOnForwardFailure no
  CanonicalizeHostname no
  GlobalKnownHostsFile /dev/null
  RevokedHostKeys none
  UpdateHostKeys no
  PreferredAuthentications publickey,password,keyboard-interactive
  RequestTTY auto
  KnownHostsCommand none
Match all
# <<< rusta rusta-lab <<<
`;

test('an alias at the top of the config, the key in the guest, its host keys pinned; and one login through it', async () => {
  write('Host *\n  User somebody\n');
  const { code, stdout } = await setup();
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("[ok] SSH alias rusta-lab: admin in VM 'lab'\n") });
  expect(stdout).toContain("\n\nVM 'lab' is rusta-lab for ssh, scp, rsync, git, VS Code and whatever else knows ssh:\n  ssh rusta-lab\n");
  expect(readFileSync(config(), 'utf8')).toBe(`${block(RUSTA)}Host *\n  User somebody\n`);
  expect(readFileSync(knownHosts(), 'utf8').trim().split('\n').sort()).toEqual([
    `rusta-lab ecdsa-sha2-nistp256 ${key('of lab too')}`,
    `rusta-lab ssh-ed25519 ${key('of lab')}`,
  ]);
  const publicKey = readFileSync(join(mac.home, '.ssh/id_ed25519.pub'), 'utf8').trim();
  expect(readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/authorized_keys'), 'utf8')).toContain(publicKey);
  expect(commands(mac, 'ssh').at(-1)).toBe('-o BatchMode=yes -T -- rusta-lab true');
});

test('ssh reaches the guest by that name, at its address and without one', async () => {
  await setup();
  const login = () => mac.run('ssh', ['rusta-lab', 'cat; hostname'], { stdin: 'sent\n' });
  expect(await login()).toMatchObject({ code: 0, stdout: 'sent\nubuntu\n', stderr: '' });
  mac.configure({ behavior: { network: 'refused' } });
  expect(await login()).toMatchObject({ code: 0, stdout: 'sent\nubuntu\n', stderr: '' });
  const isExec = (call: string) => call.startsWith('exec -i lab perl ');
  expect(commands(mac, 'tart').filter(isExec)).toHaveLength(1);
});

test('a run over what is right already says so; one with --auto-up changes it', async () => {
  await setup();
  expect((await setup()).stdout).toContain("[skip] SSH alias rusta-lab already exists: admin in VM 'lab'\n");
  expect((await setup('--auto-up')).stdout).toContain("[ok] SSH alias rusta-lab: admin in VM 'lab', which it boots if it is off\n");
  expect(readFileSync(config(), 'utf8')).toBe(block(RUSTA, '--auto-up'));
  await mac.rusta(['down', 'lab']);
  expect(await mac.run('ssh', ['rusta-lab', 'echo in'])).toMatchObject({ code: 0, stdout: 'in\n' });
});

test('the block names the link by which rusta was called, not what it leads to', async () => {
  const link = join(mac.home, 'bin/rusta');
  mkdirSync(join(mac.home, 'bin'));
  symlinkSync(RUSTA, link);
  expect(await mac.run(link, ['ssh-setup', 'lab'])).toMatchObject({ code: 0 });
  expect(readFileSync(config(), 'utf8')).toBe(block(link));
  const found = await mac.run('sh', ['-c', 'exec rusta ssh-setup lab'], { env: { PATH: `${join(mac.home, 'bin')}:${mac.env['PATH']}` } });
  expect(found.stdout).toContain('[skip] SSH alias rusta-lab already exists');
});

test('a VM that is off is booted for it, and shut down', async () => {
  await mac.rusta(['down', 'lab']);
  expect(await setup()).toMatchObject({ code: 0, stdout: expect.stringContaining("[ok] SSH alias rusta-lab: admin in VM 'lab'\n") });
  expect(mac.vm('lab').isRunning).toBe(false);
});

describe('what is not ours stays', () => {
  test("an entry of the user's own: exit 1, and the block to paste", async () => {
    write('Host rusta-lab\n  HostName elsewhere.example.com\n');
    const { code, stderr } = await setup();
    expect(code).toBe(1);
    expect(stderr).toContain("[warn] ~/.ssh/config has an entry for 'rusta-lab' that is not rusta's: it is left as it is\n");
    expect(stderr).toContain(block(RUSTA));
    expect(stderr).toContain("[error] 'rusta-lab' is an entry of your own in the ssh config: it was not changed\n");
    expect(readFileSync(config(), 'utf8')).toBe('Host rusta-lab\n  HostName elsewhere.example.com\n');
  });

  test.skipIf(modesCount === undefined)('a config that cannot be written: the block is printed, all else is done', async () => {
    mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
    const store = join(mac.home, 'store');
    mkdirSync(store);
    writeFileSync(join(store, 'config'), 'Host a\n  User a\n');
    symlinkSync(join(store, 'config'), config());
    chmodSync(store, 0o500);
    const [program = '', ...rest] = [...(modesCount ?? []), RUSTA, 'ssh-setup', 'lab'];
    const { code, stdout, stderr } = await mac.run(program, rest);
    chmodSync(store, 0o700);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(block(RUSTA)) });
    expect(stderr).toContain('[warn] ~/.ssh/config cannot be written (EACCES). Put this block before all else in it, where you keep it:\n');
    expect(stdout).toContain("Once the block above is in place, 'ssh rusta-lab' leads to VM 'lab'; 'rusta ssh-setup lab' tries that.\n");
    expect(existsSync(knownHosts())).toBe(true);
  });
});

test('kill -9 at any program leaves every byte outside the block, and the next run finishes', async () => {
  const users = 'Host work\r\n  HostName work.example\n# caf\u00e9 without an end';
  setTraps(mac, ['uname', 'tart', 'sshpass', 'ssh', 'ssh-copy-id', 'ssh-keygen']);
  let last: Awaited<ReturnType<typeof runKilled>>;
  let program = 1;
  do {
    write(users);
    last = await runKilled(mac, [RUSTA, 'ssh-setup', 'lab'], { program, delay: 0 });
    expect([users, block(RUSTA) + users]).toContain(readFileSync(config(), 'utf8'));
    program += 1;
  } while (last.code === null);
  expect(program).toBeGreaterThan(8);
  expect(last.code).toBe(0);
  expect(readFileSync(config(), 'utf8')).toBe(block(RUSTA) + users);
});

describe('what is said of it', () => {
  test('an agent that does not answer: nothing is written', async () => {
    mac.configure({ faults: [{ program: 'tart', args: ['exec', '-i', 'lab', 'sudo'], do: 'exit', code: 1, stderr: 'no agent' }] });
    expect(await setup()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("[error] the SSH host keys of VM 'lab' cannot be read: no agent\n"),
    });
    expect(existsSync(config())).toBe(false);
  });

  test('a login by that name that fails is told with what ssh said', async () => {
    mac.configure({
      faults: [{ program: 'ssh', args: ['-o', 'BatchMode=yes', '-T'], do: 'exit', code: 255, stderr: 'Host key verification failed.' }],
    });
    const { code, stderr } = await setup();
    expect(code).toBe(1);
    expect(stderr).toStartWith(
      "[error] VM 'lab' is set up, but 'rusta-lab' cannot be used: 'ssh rusta-lab' fails: Host key verification failed.\n",
    );
    expect(stderr).toContain('ssh -v rusta-lab true');
  });

  test('a name that no config can hold, and a VM that is not there', async () => {
    await mac.addVm('my lab');
    expect(await mac.rusta(['ssh-setup', 'my lab'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("VM 'my lab' cannot have an SSH alias"),
    });
    expect(await mac.rusta(['ssh-setup', 'nobody'])).toMatchObject({ code: 2 });
  });
});

describe('it goes with the VM', () => {
  test('delete removes the block and the known host keys, and nothing else', async () => {
    write('Host a\n  User a\n');
    await setup();
    expect(await mac.rusta(['delete', 'lab', '--yes', '--force-running'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('and with it: SSH alias rusta-lab'),
    });
    expect(readFileSync(config(), 'utf8')).toBe('Host a\n  User a\n');
    expect(existsSync(knownHosts())).toBe(false);
  });

  test('a new VM of that name inherits neither', async () => {
    mac.addImage('ghcr.io/cirruslabs/ubuntu:24.04');
    await setup();
    await mac.rusta(['down', 'lab']);
    await mac.run('tart', ['delete', 'lab']);
    expect(await mac.rusta(['create', 'lab'])).toMatchObject({ code: 0 });
    expect(readFileSync(config(), 'utf8')).toBe('');
    expect(existsSync(knownHosts())).toBe(false);
  });
});

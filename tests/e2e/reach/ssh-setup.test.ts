import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modesCount } from '../../faults/limits.ts';
import { runKilled, setTraps } from '../../sandbox/kill.ts';
import type { Mac } from '../../sandbox/mac.ts';
import { RUSTA } from '../rusta.ts';
import { commands } from '../state.ts';
import { sshConfig, sshSetup } from './helpers/aliases.ts';
import { hostKey, knownHosts, macWithHostKeys, writeSshConfig } from './helpers/ssh-setup.ts';

setDefaultTimeout(60_000);
let mac: Mac;
beforeEach(async () => {
  mac = await macWithHostKeys();
});
afterEach(() => mac[Symbol.asyncDispose]());

const block = (program: string, ...more: string[]) => `# >>> rusta rusta-lab >>> changes up to the last line of this block are lost
Host rusta-lab
  ProxyCommand env TART_HOME=${mac.tartHome} RUSTA_SSH_PORT=${mac.env['RUSTA_SSH_PORT']} ${[program, 'connect', 'lab', ...more].join(' ')}
  User admin
  IdentityFile "${mac.home}/.ssh/id_ed25519"
  IdentitiesOnly yes
  PubkeyAuthentication yes
  HostKeyAlias rusta-lab
  UserKnownHostsFile "${knownHosts(mac)}"
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
  writeSshConfig(mac, 'Host *\n  User somebody\n');
  const { code, stdout } = await sshSetup(mac);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("[ok] SSH alias rusta-lab: admin in VM 'lab'\n") });
  expect(stdout).toContain("\n\nVM 'lab' is rusta-lab for ssh, scp, rsync, git, VS Code and whatever else knows ssh:\n  ssh rusta-lab\n");
  expect(readFileSync(sshConfig(mac), 'utf8')).toBe(`${block(RUSTA)}Host *\n  User somebody\n`);
  expect(readFileSync(knownHosts(mac), 'utf8').trim().split('\n').sort()).toEqual([
    `rusta-lab ecdsa-sha2-nistp256 ${hostKey('of lab too')}`,
    `rusta-lab ssh-ed25519 ${hostKey('of lab')}`,
  ]);
  const publicKey = readFileSync(join(mac.home, '.ssh/id_ed25519.pub'), 'utf8').trim();
  expect(readFileSync(join(mac.vm('lab').guest, 'home/admin/.ssh/authorized_keys'), 'utf8')).toContain(publicKey);
  expect(commands(mac, 'ssh').at(-1)).toBe('-o BatchMode=yes -T -- rusta-lab true');
});

test('a run over what is right already says so; one with --auto-up changes it', async () => {
  await sshSetup(mac);
  expect((await sshSetup(mac)).stdout).toContain("[skip] SSH alias rusta-lab already exists: admin in VM 'lab'\n");
  expect((await sshSetup(mac, '--auto-up')).stdout).toContain("[ok] SSH alias rusta-lab: admin in VM 'lab', which it boots if it is off\n");
  expect(readFileSync(sshConfig(mac), 'utf8')).toBe(block(RUSTA, '--auto-up'));
  await mac.rusta(['down', 'lab']);
  expect(await mac.run('ssh', ['rusta-lab', 'echo in'])).toMatchObject({ code: 0, stdout: 'in\n' });
});

test('the block names the link by which rusta was called, not what it leads to', async () => {
  const link = join(mac.home, 'bin/rusta');
  mkdirSync(join(mac.home, 'bin'));
  symlinkSync(RUSTA, link);
  expect(await mac.run(link, ['ssh-setup', 'lab'])).toMatchObject({ code: 0 });
  expect(readFileSync(sshConfig(mac), 'utf8')).toBe(block(link));
  const found = await mac.run('sh', ['-c', 'exec rusta ssh-setup lab'], { env: { PATH: `${join(mac.home, 'bin')}:${mac.env['PATH']}` } });
  expect(found.stdout).toContain('[skip] SSH alias rusta-lab already exists');
});

describe('what is not ours stays', () => {
  test("an entry of the user's own: exit 1, and the block to paste", async () => {
    writeSshConfig(mac, 'Host rusta-lab\n  HostName elsewhere.example.com\n');
    const { code, stderr } = await sshSetup(mac);
    expect(code).toBe(1);
    expect(stderr).toContain("[warn] ~/.ssh/config has an entry for 'rusta-lab' that is not rusta's: it is left as it is\n");
    expect(stderr).toContain(block(RUSTA));
    expect(stderr).toContain("[error] 'rusta-lab' is an entry of your own in the ssh config: it was not changed\n");
    expect(readFileSync(sshConfig(mac), 'utf8')).toBe('Host rusta-lab\n  HostName elsewhere.example.com\n');
  });

  test.skipIf(modesCount === undefined)('a config that cannot be written: the block is printed, all else is done', async () => {
    mkdirSync(join(mac.home, '.ssh'), { mode: 0o700 });
    const store = join(mac.home, 'store');
    mkdirSync(store);
    writeFileSync(join(store, 'config'), 'Host a\n  User a\n');
    symlinkSync(join(store, 'config'), sshConfig(mac));
    chmodSync(store, 0o500);
    const [program = '', ...rest] = [...(modesCount ?? []), RUSTA, 'ssh-setup', 'lab'];
    const { code, stdout, stderr } = await mac.run(program, rest);
    chmodSync(store, 0o700);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining(block(RUSTA)) });
    expect(stderr).toContain('[warn] ~/.ssh/config cannot be written (EACCES). Put this block before all else in it, where you keep it:\n');
    expect(stdout).toContain("Once the block above is in place, 'ssh rusta-lab' leads to VM 'lab'; 'rusta ssh-setup lab' tries that.\n");
    expect(existsSync(knownHosts(mac))).toBe(true);
  });
});

test('kill -9 at any program leaves every byte outside the block, and the next run finishes', async () => {
  const users = 'Host work\r\n  HostName work.example\n# caf\u00e9 without an end';
  setTraps(mac, ['uname', 'tart', 'sshpass', 'ssh', 'ssh-copy-id', 'ssh-keygen']);
  let last: Awaited<ReturnType<typeof runKilled>>;
  let program = 1;
  do {
    writeSshConfig(mac, users);
    last = await runKilled(mac, [RUSTA, 'ssh-setup', 'lab'], { program, delay: 0 });
    expect([users, block(RUSTA) + users]).toContain(readFileSync(sshConfig(mac), 'utf8'));
    program += 1;
  } while (last.code === null);
  expect(program).toBeGreaterThan(8);
  expect(last.code).toBe(0);
  expect(readFileSync(sshConfig(mac), 'utf8')).toBe(block(RUSTA) + users);
});

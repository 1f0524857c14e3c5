import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { withAlias } from '../../../../src/state/ssh/config.ts';
import { pinnedAlias } from '../../../../src/state/ssh/pinned-alias.ts';
import { quote } from '../../../../src/text/shell.ts';
import { reportOf } from '../../../../src/tools/ssh/log.ts';
import { asArguments, BLOCK_SHIELD, SESSION_OPTIONS, sshOptions } from '../../../../src/tools/ssh/options.ts';
import { remoteCommand } from '../../../../src/tools/ssh/ssh.ts';

test('one word is a shell command line, several keep their boundaries', () => {
  expect(remoteCommand([])).toBeUndefined();
  expect(remoteCommand(['cd /srv && ls | wc -l'])).toBe('cd /srv && ls | wc -l');
  expect(remoteCommand(['echo', 'a b', '$HOME', "it's"])).toBe(`echo 'a b' '$HOME' 'it'\\''s'`);
  expect(remoteCommand(['uname', '-a'])).toBe('uname -a');
  expect(remoteCommand(['printf', '%s', ''])).toBe("printf %s ''");
});

test('a real shell reads quoted words as they were', () => {
  const word = fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => !text.includes('\0') && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`], { encoding: 'utf8' });
      expect(stdout).toBe(words.map((text) => `${text}\0`).join(''));
    }),
    { numRuns: 60 },
  );
});

const DIRECT = { address: '192.168.64.5', privateKey: undefined, proxyCommand: undefined };

test('the options of spec 6.2 come first, then what shields them', () => {
  const words = sshOptions(DIRECT, false).filter((word) => word !== '-o');
  expect(words.slice(0, 8)).toEqual([
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'ConnectTimeout=10',
    'ServerAliveInterval=30',
    'ServerAliveCountMax=120',
    'PubkeyAuthentication=no',
    'LogLevel=ERROR',
    'BatchMode=no',
  ]);
  expect(words).toContain('HostName=192.168.64.5');
  const key = '/home/me/.ssh/id_ed25519';
  expect(sshOptions({ ...DIRECT, privateKey: key }, false)).toEqual(
    expect.arrayContaining(['PubkeyAuthentication=yes', 'BatchMode=yes', 'IdentitiesOnly=yes', '-i', key]),
  );
  expect(sshOptions(DIRECT, true)).toContain('LogLevel=INFO');
});

test('another way than the address stands before the shield: the first value counts', () => {
  const words = sshOptions({ ...DIRECT, proxyCommand: 'rusta connect lab' }, false);
  expect(words.filter((word) => word.startsWith('ProxyCommand='))).toEqual(['ProxyCommand=rusta connect lab', 'ProxyCommand=none']);
});

/** Lines that lead a login elsewhere, or run something else. */
const HOSTILE = [
  ...['ProxyCommand nc %h %p', 'ProxyJump bastion.example.com', 'RemoteCommand tmux new -A', 'PermitLocalCommand yes', 'ForwardX11 yes'],
  ...['ControlMaster auto', 'ControlPath /tmp/%C', 'Tunnel yes', 'ExitOnForwardFailure yes', 'LocalForward 8080 127.0.0.1:80'],
  ...['AddressFamily inet6', 'BindAddress 203.0.113.9', 'HostName %h.example.com', 'CanonicalizeHostname always', 'BatchMode yes'],
  ...[
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PreferredAuthentications gssapi-with-mic',
    'NumberOfPasswordPrompts 0',
  ],
  ...['StdinNull yes', 'ForkAfterAuthentication yes', 'SessionType none', 'KnownHostsCommand /usr/bin/false', 'VisualHostKey yes'],
  ...[
    'GlobalKnownHostsFile /etc/known',
    'RevokedHostKeys /nonexistent',
    'StrictHostKeyChecking yes',
    'UserKnownHostsFile ~/.ssh/known',
    'User somebody',
    'Port 2222',
  ],
];

/** What the real ssh makes of its options and a config, a line each. */
function effective(config: string, ...words: string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'rusta-ssh-'));
  writeFileSync(join(folder, 'config'), config);
  const { stdout, stderr, status } = spawnSync('ssh', ['-G', '-F', join(folder, 'config'), ...words], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(stderr);
  return stdout.split('\n');
}

describe.skipIf(Bun.which('ssh') === null)('beside a `Host *` of the user, the real ssh makes the same of our block', () => {
  const pinned = pinnedAlias({
    alias: 'docker-lab',
    hostName: '192.168.64.5',
    port: 22,
    user: 'admin',
    identityFile: '/home/me/.ssh/id_ed25519',
    options: [['PubkeyAuthentication', 'yes'], ...BLOCK_SHIELD],
  });
  const block = withAlias('', pinned);
  // What only asks, or was not known to every ssh that may read the file, stays as the user wants it.
  const others = /^(?:BatchMode|Password|Kbd|NumberOf|StdinNull|ForkAfter|SessionType|KnownHostsCommand|VisualHostKey|LocalForward)/;
  test.each([...HOSTILE.filter((line) => !others.test(line)), 'RequestTTY force', 'PubkeyAuthentication no', 'IdentitiesOnly no'])(
    '%s',
    (line) => expect(effective(`${block}Host *\n  ${line}\n`, 'docker-lab')).toEqual(effective(block, 'docker-lab')),
  );
});

describe.skipIf(Bun.which('ssh') === null)('beside a `Host *` of the user, the real ssh makes the same of our options', () => {
  const ours = [...sshOptions(DIRECT, false), ...asArguments(SESSION_OPTIONS)];
  const called = (config: string) =>
    effective(config, ...ours, '-p', '22', '-l', 'admin', '--', '192.168.64.5')
      // Cleared when ssh starts, by ClearAllForwardings.
      .filter((line) => !line.startsWith('localforward'));
  test.each(HOSTILE)('%s', (line) => expect(called(`Host *\n  ${line}\n`)).toEqual(called('')));
});

describe('what ssh says of itself', () => {
  const tag = (place: string) => `${place}():123 (bin=ssh, pid=7): `;
  const IN = `${tag('sshconnect2.c:ssh_userauth2')}Authenticated to 10.0.0.1 ([10.0.0.1]:22) using "password".\n`;
  const VERSIONS = `debug1: ${tag('kex.c:kex_exchange_identification')}Local version string SSH-2.0-OpenSSH_9.9\n`;
  const EXIT = `debug1: ${tag('clientloop.c:client_input_channel_req')}client_input_channel_req: channel 0 rtype exit-status reply 0\n`;

  test('once the guest has let it in, nothing counts as "could not connect"', () => {
    expect(reportOf(255, `${VERSIONS}${IN}Connection reset by 10.0.0.1 port 22\n`)).toEqual({
      authenticated: true,
      commandEnded: false,
      lines: ['Connection reset by 10.0.0.1 port 22'],
      refused: undefined,
    });
    expect(reportOf(255, VERSIONS + IN + EXIT)).toMatchObject({ authenticated: true, commandEnded: true, lines: [] });
  });

  test.each([
    ['ssh: connect to host 10.0.0.1 port 22: Connection refused', 'Connection refused'],
    ['ssh: connect to host 10.0.0.1 port 22: No route to host', 'No route to host'],
    ['kex_exchange_identification: read: Connection reset by peer\nConnection reset by 10.0.0.1 port 22', 'read: Connection reset by peer'],
    [`${tag('kex.c:kex_exchange_identification')}Connection closed by remote host`, 'Connection closed by remote host'],
    [
      `debug1: ${tag('kex.c:kex_exchange_identification')}banner line 0: Not allowed at this time\nConnection closed by 10.0.0.1 port 22`,
      "it says 'Not allowed at this time'",
    ],
    [`debug1: ${tag('kex.c:kex_exchange_identification')}banner line 0: Exceeded MaxStartups`, "it says 'Exceeded MaxStartups'"],
    [`${tag('packet.c:sshpkt_vfatal')}Connection closed by 10.0.0.1 port 22`, 'Connection closed by 10.0.0.1 port 22'],
  ])('%p', (log, refused) => expect(reportOf(255, `${VERSIONS}${log}\n`)).toMatchObject({ authenticated: false, refused }));

  test('why the protocol ended is told without the place, and tried again only where the connection went', () => {
    const words = 'Unable to negotiate with 10.0.0.1 port 22: no matching cipher found. Their offer: 3des-cbc';
    expect(reportOf(255, `${tag('packet.c:sshpkt_vfatal')}${words}\n`)).toMatchObject({ lines: [words], refused: undefined });
  });

  test.each(['Permission denied (publickey,password).', '/root/.ssh/config: line 1: Bad configuration option: usekeychain', ''])(
    'another cause is not tried again: %p',
    (log) => expect(reportOf(255, log).refused).toBeUndefined(),
  );
});

describe('over a connection that is shared', () => {
  const mux = (words: string) => `debug1: mux.c:mux_client_request_session():1961 (pid=3197): ${words}\r\n`;
  const OPENED = mux('entering') + mux('session request sent') + mux('master session id: 2');

  test('an exit code of 255 is the command’s own where it was received', () => {
    const log = OPENED + mux('Received exit status from master 255');
    expect(reportOf(255, log)).toEqual({ authenticated: true, commandEnded: true, lines: [], refused: undefined });
    expect(reportOf(255, OPENED)).toMatchObject({ authenticated: true, commandEnded: false });
  });

  test('that it cannot be used is no news: another connection is', () => {
    const log = `mux_client_request_session: session request failed: Session open refused by peer\r
ControlSocket /run/x already exists, disabling multiplexing\r\n`;
    expect(reportOf(0, log)).toMatchObject({ lines: [] });
  });

  test('its options stand before the shield, and a path may hold anything', () => {
    const words = sshOptions({ ...DIRECT, shared: '/Users/a b 100%/x' }, false);
    expect(words.filter((word) => word.startsWith('Control'))).toEqual([
      'ControlMaster=auto',
      'ControlPath="/Users/a b 100%%/x"',
      'ControlPersist=600',
      'ControlMaster=no',
      'ControlPath=none',
    ]);
  });
});

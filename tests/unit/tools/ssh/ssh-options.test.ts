import { describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withAlias } from '../../../../src/state/ssh/config.ts';
import { pinnedAlias } from '../../../../src/state/ssh/pinned-alias.ts';
import { asArguments, BLOCK_SHIELD, SESSION_OPTIONS, sshOptions } from '../../../../src/tools/ssh/options.ts';

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

describe('over a connection that is shared', () => {
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

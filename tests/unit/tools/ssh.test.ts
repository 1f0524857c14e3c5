import { expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { quote } from '../../../src/text/shell.ts';
import { remoteCommand, sshOptions } from '../../../src/tools/ssh.ts';

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

test('the options of spec 6.2', () => {
  expect(sshOptions({ privateKey: undefined }, false).filter((word) => word !== '-o')).toEqual([
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'ConnectTimeout=10',
    'ServerAliveInterval=30',
    'ServerAliveCountMax=120',
    'PubkeyAuthentication=no',
    'LogLevel=ERROR',
    // The defaults, whatever a user's `Host *` says.
    'BatchMode=no',
    'PasswordAuthentication=yes',
    'PreferredAuthentications=publickey,password,keyboard-interactive',
    'NumberOfPasswordPrompts=3',
    'ControlPath=none',
    'ProxyCommand=none',
  ]);
  expect(sshOptions({ privateKey: '/home/me/.ssh/id_ed25519' }, false)).toEqual(
    expect.arrayContaining(['PubkeyAuthentication=yes', 'IdentitiesOnly=yes', '-i', '/home/me/.ssh/id_ed25519']),
  );
  expect(sshOptions({ privateKey: undefined }, true)).toContain('LogLevel=INFO');
});

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { ownerOf, withAlias, withHostName, withoutAlias } from '../../../../src/state/ssh/config.ts';
import { ALIAS, aliasOf } from './alias.ts';

/** Files as people have them. */
const FILES: Record<string, string> = {
  missing: '',
  'no final newline': 'Host a\n  HostName a.example',
  'CRLF line ends': 'Host a\r\n  HostName a.example\r\n',
  'mixed line ends': 'Host a\r\n  HostName a.example\n',
  'blank lines alone': '\n\n\n',
  'comments alone': '# my hosts\n# and more\n',
  'global options first': 'User bob\nPort 2200\nHost a\n  HostName a.example\n',
  'Host * at the end': 'Host a\n  HostName a.example\n\nHost *\n  User bob\n  IdentityFile ~/.ssh/other\n  StrictHostKeyChecking yes\n',
  'Host * at the start': 'Host *\n  User bob\n  UserKnownHostsFile ~/.ssh/known\n',
  'a wildcard that matches': 'Host docker-*\n  User carol\n  HostName 203.0.113.1\n',
  'a negated pattern': 'Host * !docker-lab\n  User bob\n',
  'Match all': 'Match all\n  User bob\n',
  'Match host': 'Match host docker-*\n  User bob\n  Port 2022\n',
  'Match exec that fails': 'Match exec "false"\n  User bob\n',
  'Include of a missing file': 'Include ~/.orbstack/ssh/config-that-is-not-there\nHost a\n  User a\n',
  'quoted patterns': 'Host "a b" "c"\n  User a\n',
  'equals signs': 'Host=a\n  HostName=a.example\n',
  tabs: 'Host\ta\n\tHostName\ta.example\n',
  'odd indentation': '   Host a\nHostName a.example\n      User x\n',
  'upper and lower case': 'HOST a\n  HOSTNAME a.example\n',
  'multi-pattern hosts': 'Host a b c *.example !d.example\n  User x\n',
  'another VM of ours': withAlias('Host a\n  User x\n', aliasOf({ alias: 'docker-other', hostName: '192.168.64.9' })),
  'a VM of ours whose name begins alike': withAlias('', aliasOf({ alias: 'docker-lab2', hostName: '192.168.64.9' })),
  'bytes that are no UTF-8': '# caf\u00e9 \u00ff\u0080\nHost a\n  User x\n',
  'a very long line': `# ${'x'.repeat(20_000)}\nHost a\n  User x\n`,
  'our marker in a comment of the user': '# see >>> rusta docker-lab >>> above\nHost a\n  User x\n',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rusta-ssh-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the real ssh makes of a file for a host. */
function ask(config: string, host: string): Record<string, string> {
  const path = join(folder, 'config');
  writeFileSync(path, Buffer.from(config, 'latin1'));
  const { stdout, stderr, status } = spawnSync('ssh', ['-G', '-F', path, host], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const lines = stdout.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  return Object.fromEntries(lines.toReversed());
}

describe.each(Object.entries(FILES))('~/.ssh/config: %s', (_, config) => {
  test('every byte outside our block stays, through set-up, change, re-run and removal', () => {
    const set = withAlias(config, ALIAS);
    expect(set).toEndWith(config);
    expect(withAlias(set, ALIAS)).toBe(set);
    const moved = withHostName(set, 'docker-lab', '192.168.64.77');
    expect(moved).toBe(withAlias(config, aliasOf({ hostName: '192.168.64.77' })));
    expect(withHostName(moved ?? '', 'docker-lab', '192.168.64.77')).toBeUndefined();
    expect(withAlias(moved ?? '', ALIAS)).toBe(set);
    expect(withoutAlias(set, 'docker-lab')).toBe(config);
    expect(withoutAlias(config, 'docker-lab')).toBe(config);
    expect(ownerOf(config, 'docker-lab')).toBe('nobody');
    expect(ownerOf(set, 'docker-lab')).toBe('rusta');
  });

  test.skipIf(Bun.which('ssh') === null)('ssh reads our entry as meant, and all others as before', () => {
    const set = withAlias(config, ALIAS);
    expect(ask(set, 'docker-lab')).toMatchObject({
      hostname: '192.168.64.5',
      user: 'admin',
      port: '22',
      identitiesonly: 'yes',
      identityfile: '/home/me/.ssh/id_ed25519',
      stricthostkeychecking: 'false',
      userknownhostsfile: '/dev/null',
    });
    for (const host of ['a', 'docker-other', 'unknown.example']) expect(ask(set, host)).toEqual(ask(config, host));
  });
});

test('a port of its own stands in the block', () => {
  expect(withAlias('', aliasOf({ port: 2222 }))).toContain('\n  Port 2222\n');
});

test('a home folder of any name is written in UTF-8, and read by ssh as it is', () => {
  const home = '/Users/jos\u00e9 \u65e5\u672c 100%d';
  const set = withAlias('# caf\u00e9\n', aliasOf({ identityFile: `${home}/.ssh/id_ed25519` }));
  expect(Buffer.from(set, 'latin1').toString('utf8')).toContain(`  IdentityFile "${home.replace('%', '%%')}/.ssh/id_ed25519"\n`);
  expect(set).toEndWith('# caf\u00e9\n');
});

test("a line of the user's between a lost first marker and our block is the user's", () => {
  const lost = '# >>> rusta docker-lab >>>\nHost mine\n  User me\n';
  expect(withoutAlias(lost + withAlias('', ALIAS), 'docker-lab')).toBe(lost);
});

test('a blank first line that ends as on Unix makes a file of mixed line ends', () => {
  const set = withAlias('\n\r\n', ALIAS);
  expect(set).not.toContain('\r\n#');
  expect(withAlias(set, ALIAS)).toBe(set);
});

test('any text comes back as it was', () => {
  const line = fc.constantFrom(
    'Host a',
    'Host docker-lab',
    '# >>> rusta docker-lab >>>',
    '# <<< rusta docker-lab <<<',
    'Match all',
    '',
    '  User x',
    '\t#',
    'é',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.boolean(), (lines, eol, final) => {
      const config = lines.join(eol) + (final ? eol : '');
      if (ownerOf(config, 'docker-lab') !== 'nobody' || config.includes('rusta docker-lab')) return;
      expect(withoutAlias(withAlias(config, ALIAS), 'docker-lab')).toBe(config);
    }),
  );
});

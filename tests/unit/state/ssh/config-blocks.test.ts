import { describe, expect, test } from 'bun:test';
import { hostNameOf, ownerOf, withAlias, withHostName, withoutAlias } from '../../../../src/state/ssh/config.ts';
import { ALIAS, aliasOf } from './alias.ts';

/** Which block is rusta's: none of the user, the predecessor's, and of several the one with the address. */
describe("an entry of the user's own is the user's", () => {
  test.each(['Host docker-lab\n', 'host = docker-lab\n', 'HOST a Docker-Lab b\n', '  Host "docker-lab"\r\n', 'Host\tdocker-lab'])(
    '%j',
    (config) => {
      expect(ownerOf(config, 'docker-lab')).toBe('user');
    },
  );
  test('a name that only begins alike is none', () => {
    expect(ownerOf('Host docker-lab2 *.docker-lab\n# Host docker-lab\nHostName docker-lab\n', 'docker-lab')).toBe('nobody');
  });
});

describe("the predecessor's block", () => {
  const LEGACY = `# Docker VM: docker-lab (added by rusta docker-setup)
Host docker-lab
  HostName 192.168.64.3
  User admin
  IdentityFile ~/.ssh/id_ed25519
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
`;
  const MINE = 'Host a\n  User a\n\n';
  const OTHER = '\nHost b\n  User b\n';

  test('is ours: followed, taken over, removed; every other byte stays', () => {
    const config = MINE + LEGACY + OTHER;
    expect(ownerOf(config, 'docker-lab')).toBe('rusta');
    expect(hostNameOf(config, 'docker-lab')).toBe('192.168.64.3');
    expect(withHostName(config, 'docker-lab', '192.168.64.4')).toBe(config.replace('64.3', '64.4'));
    expect(withAlias(config, ALIAS)).toBe(withAlias(MINE + OTHER, ALIAS));
    expect(withoutAlias(config, 'docker-lab')).toBe(MINE + OTHER);
    expect(withoutAlias(LEGACY.trimEnd(), 'docker-lab')).toBe('');
  });

  test.each([
    ['another VM', LEGACY.replaceAll('docker-lab', 'docker-lab2')],
    ['a comment alone', '# Docker VM: docker-lab (added by rusta docker-setup)\nHost a\n  User a\n'],
  ])('%s is none', (_, config) => {
    expect(ownerOf(config, 'docker-lab')).toBe('nobody');
    expect(withoutAlias(config, 'docker-lab')).toBe(config);
  });

  test('beside an entry of the user for the same name the user’s counts', () => {
    expect(ownerOf(`${LEGACY}Host docker-lab\n  HostName mine\n`, 'docker-lab')).toBe('user');
  });
});

describe('an address stands in one block of ours', () => {
  const web = { alias: 'docker-web', hostName: '192.168.64.9' };
  const both = withAlias(withAlias('Host a\n  HostName 192.168.64.5\n', ALIAS), aliasOf(web));

  test('whoever gets it takes it from the others, and from none of the user', () => {
    for (const after of [
      withAlias(both, aliasOf({ ...web, hostName: '192.168.64.5' })),
      withHostName(both, 'docker-web', '192.168.64.5') ?? '',
    ]) {
      expect(hostNameOf(after, 'docker-web')).toBe('192.168.64.5');
      expect(hostNameOf(after, 'docker-lab')).toBe('address-of-another-vm.invalid');
      expect(after).toEndWith('Host a\n  HostName 192.168.64.5\n');
    }
  });

  test('the next `up` of the other gives it its own back', () => {
    const moved = withHostName(both, 'docker-web', '192.168.64.5') ?? '';
    const back = withHostName(moved, 'docker-lab', '192.168.64.6') ?? '';
    expect([hostNameOf(back, 'docker-lab'), hostNameOf(back, 'docker-web')]).toEqual(['192.168.64.6', '192.168.64.5']);
  });
});

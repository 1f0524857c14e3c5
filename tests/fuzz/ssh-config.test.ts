import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { ownerOf, withAlias, withHostName, withoutAlias } from '../../src/state/ssh/config.ts';
import { type PinnedHost, pinnedAlias } from '../../src/state/ssh/pinned-alias.ts';
import { check } from './fuzz.ts';

const NAME = 'docker-lab';
const BEGIN = `# >>> rusta ${NAME} >>>`;
const END = `# <<< rusta ${NAME} <<<`;
const address = fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => `192.168.${a}.${b}`);
const host: fc.Arbitrary<PinnedHost> = fc.record({
  alias: fc.constant(NAME),
  hostName: address,
  port: fc.constantFrom(22, 2222),
  user: fc.constantFrom('admin', 'dev'),
  identityFile: fc.constantFrom('/Users/me/.ssh/id_ed25519', '/Users/a b/.ssh/id_ed25519'),
  options: fc.constantFrom([], [['ProxyCommand', 'none']] as const),
});

const line = fc.oneof(
  fc.constantFrom(
    ...[
      'Host a',
      'Host *',
      `Host ${NAME}`,
      `host=${NAME}`,
      'Match all',
      '  HostName 1.2.3.4',
      '\tUser "x"',
      'Include ~/.ssh/extra',
      '',
      '#',
      '# >>> rusta',
    ],
    ...[
      BEGIN,
      `${BEGIN} changes up to the last line`,
      END,
      ` ${BEGIN}`,
      `${END} `,
      `# >>> rusta ${NAME}2 >>>`,
      `# <<< rusta ${NAME}2 <<<`,
      `x ${END}`,
    ],
  ),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)), maxLength: 12 }),
);
const ending = fc.constantFrom('\n', '\n', '\r\n', '\r', '\n\n', '\0\n', '');
/** Any bytes, as latin1 shows them; mostly lines that a file of this kind has, with odd ends. */
const config = fc.array(fc.tuple(line, ending), { maxLength: 9 }).map((lines) => lines.flat().join(''));

/** Whether there is a whole block of ours, told in another way than the product does. */
const hasBlock = (text: string) => withoutAlias(text, NAME) !== text;

test('our block goes as it came: every other byte stays', () => {
  check('ssh config: set and removed', fc.tuple(config, host), ([text, pinned]) => {
    const alias = pinnedAlias(pinned);
    const set = withAlias(text, alias);
    expect(withAlias(set, alias)).toBe(set);
    if (hasBlock(text)) return;
    expect(set.endsWith(text)).toBe(true);
    expect(withoutAlias(set, NAME)).toBe(text);
    expect(['rusta', 'user']).toContain(ownerOf(set, NAME));
    expect(ownerOf(set, NAME) === 'user').toBe(ownerOf(text, NAME) === 'user');
  });
});

test('an address that changes, and a block that is written anew, touch the block alone', () => {
  check('ssh config: changed', fc.tuple(config, config, host, host), ([above, below, first, second]) => {
    const head = above === '' || above.endsWith('\n') ? above : `${above}\n`;
    if (hasBlock(head) || head.includes(BEGIN)) return;
    const block = withAlias('', pinnedAlias(first));
    const text = head + block + below;
    const moved = withHostName(text, NAME, second.hostName) ?? text;
    expect(moved).toBe(head + withAlias('', pinnedAlias({ ...first, hostName: second.hostName })) + below);
    expect(withHostName(moved, NAME, second.hostName)).toBeUndefined();
    expect(withoutAlias(text, NAME)).toBe(head + below);
    const again = withAlias(text, pinnedAlias(second));
    expect(again.startsWith(head) && again.endsWith(below)).toBe(true);
    expect(withoutAlias(again, NAME)).toBe(head + below);
  });
});

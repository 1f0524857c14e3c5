import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { stringify, type TomlTable } from 'smol-toml';
import { decode, formatDocument, parseDocument, type State } from '../../src/state/document.ts';
import { anyWord, check, mutated, orRefused } from './fuzz.ts';
import { vmKey as name, stranger, stateText as valid } from './state-arbitrary.ts';

const FILE = '/home/me/state.toml';
const understand = (text: string) => orRefused(() => decode(parseDocument(text, FILE), FILE));

test('what is valid is read, and stays what it is when it is written', () => {
  check('valid state files', valid, (text) => {
    const meant = (toml: string) => plain(decode(parseDocument(toml, FILE), FILE));
    const written = formatDocument(parseDocument(text, FILE));
    expect(meant(written)).toEqual(meant(text));
    expect(formatDocument(parseDocument(written, FILE))).toBe(written);
    // Also what this version does not know.
    expect(parseDocument(written, FILE)).toEqual(parseDocument(text, FILE));
  });
});

const toml = fc.constantFrom(
  ...[
    '[',
    ']',
    '[[',
    ']]',
    '=',
    '"',
    "'",
    '"""',
    '#',
    '\n',
    '\r\n',
    '.',
    ',',
    '{',
    '}',
    ' ',
    '\t',
    '\ufeff',
    '0x',
    '1_0',
    'inf',
    'nan',
    'true',
  ],
  ...[
    '1979-05-27',
    '07:32:00',
    '\\u0000',
    '\\',
    '[vms.lab]\n',
    'default_vm = 1\n',
    '[[sources]]\n',
    'images = []\n',
    'gui = "no"\n',
    '[vms]\n',
  ],
);
/** As read from a file: UTF-8 has no half characters. */
const broken = fc
  .oneof(
    mutated(valid, fc.oneof(toml, anyWord)),
    fc.array(fc.oneof(toml, name), { maxLength: 12 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  .map((text) => text.toWellFormed());

test('any text is refused with the name of the file, or gives a state whose every value has its type', () => {
  let read = 0;
  check('any state file', broken, (text) => {
    const state = understand(text);
    if (state === undefined) return;
    read += 1;
    assertTypes(state);
    const written = formatDocument(parseDocument(text, FILE));
    expect(formatDocument(parseDocument(written, FILE))).toBe(written);
  });
  expect(read).toBeGreaterThan(500);
});

/** Numbers and times as people and other programs write them. */
const literal = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
  fc.integer({ min: -1_000, max: 1_000 }).map((n) => `${n}.0`),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (/[.e]/.test(String(n)) ? String(n) : `${n}.0`)),
  fc
    .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999_999_999))
    .map(([h, m, s, ns]) => `${[h, m, s].map((n) => String(n).padStart(2, '0')).join(':')}.${String(ns).padStart(9, '0')}`),
);
/** The value that a literal stands for, kind included: 1 is not 1.0. */
const meaning = (text: string) =>
  text.includes(':')
    ? text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
    : /[.e]/.test(text)
      ? `float ${Number(text)}`
      : `integer ${BigInt(text)}`;

test('numbers keep their kind and times their digits when they are written again', () => {
  check('literals', fc.array(literal, { minLength: 1, maxLength: 5 }), (values) => {
    const document = parseDocument(values.map((value, index) => `k${index} = ${value}\n`).join(''), FILE);
    const written = formatDocument(document)
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^k\d = /, ''));
    expect(written.map(meaning)).toEqual(values.map(meaning));
  });
});

test('values of any kind anywhere are refused, or read as what they are', () => {
  const anything = fc.dictionary(
    fc.constantFrom('default_vm', 'vms', 'sources', 'images', '__proto__'),
    fc.oneof(
      stranger,
      fc.dictionary(
        name.filter((word) => word.isWellFormed()),
        fc.oneof(stranger, fc.dictionary(fc.constantFrom('gui', 'user', 'setup', 'cpus', 'image'), stranger)),
        { maxKeys: 3 },
      ),
    ),
    { maxKeys: 4 },
  );
  check('state files of other shapes', anything, (table) => {
    const state = understand(stringify(table as TomlTable));
    if (state !== undefined) assertTypes(state);
  });
});

/** What can be compared. */
function plain({ vms, ...others }: State) {
  return { ...others, vms: [...vms.keys()].map((vm) => [vm, vms.get(vm)] as const) };
}

function assertTypes({ defaultVm, vms, sources, images }: State): void {
  const types = {
    window: 'boolean',
    key: 'boolean',
    docker: 'boolean',
    ssh: 'boolean',
    cpus: 'number',
    memory: 'number',
    disk: 'number',
  } as const;
  expect(defaultVm === undefined || typeof defaultVm === 'string').toBe(true);
  for (const list of [sources, images]) for (const item of list ?? []) expect(typeof item).toBe('string');
  for (const vm of vms.keys()) {
    const { flags, ...entry } = orRefused(() => vms.get(vm)) ?? {};
    for (const word of flags ?? []) expect(typeof word).toBe('string');
    for (const [key, value] of Object.entries(entry)) {
      const type = key in types ? types[key as keyof typeof types] : 'string';
      if (value !== undefined) expect({ key, type: typeof value }).toEqual({ key, type });
    }
  }
}

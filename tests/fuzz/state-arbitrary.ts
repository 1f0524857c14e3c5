import fc from 'fast-check';
import { stringify, type TomlTable } from 'smol-toml';
import { anyWord } from './fuzz.ts';

/** What may stand behind `vms.` */
export const vmKey = fc.oneof(fc.constantFrom('lab', 'ubuntu-2404', 'constructor', 'toString', 'a.b', '1'), anyWord);
const wellFormed = (word: string) => word.isWellFormed();
/** Values that a later version, or a hand, may have put there. */
export const stranger = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    anyWord.filter(wellFormed),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(vmKey.filter(wellFormed), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const image = fc.constantFrom('ubuntu', 'ubuntu-desktop', 'a.b', 'x');
const record = fc.record(
  {
    gui: fc.boolean(),
    setup: fc.constantFrom('cloning', 'booting', 'provisioning'),
    image: fc.constantFrom('ghcr.io/cirruslabs/ubuntu:24.04', 'ghcr.io/a/b/c'),
    desktop: fc.constantFrom('lightdm', 'ubuntu-desktop'),
    cpus: fc.integer({ min: 1, max: 64 }),
    memory: fc.integer({ min: 128, max: 65_536 }),
    disk: fc.integer({ min: 1, max: 500 }),
    user: fc.constantFrom('admin', 'dev'),
    password: anyWord.filter((word) => wellFormed(word) && !/[\0\r\n]/.test(word)),
    key: fc.boolean(),
    docker: fc.boolean(),
    ssh: fc.boolean(),
    'a later key': stranger,
  },
  { requiredKeys: [] },
);

/** A file as rusta writes it, with keys of a later version in it. */
export const stateTable = fc.record(
  {
    default_vm: fc.constantFrom('lab', 'ubuntu-2404', 'constructor'),
    images: fc.array(image, { maxLength: 3 }),
    vms: fc.dictionary(vmKey.filter(wellFormed), record, { maxKeys: 4 }),
    sources: fc.array(
      fc.record({ registry: fc.constantFrom('ghcr.io/cirruslabs', 'ghcr.io/a/b'), note: stranger }, { requiredKeys: ['registry'] }),
      { maxLength: 3 },
    ),
    future: stranger,
  },
  { requiredKeys: [] },
);

export const stateText = stateTable.map((table) => stringify(table as TomlTable));

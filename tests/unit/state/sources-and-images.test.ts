import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { decode, formatDocument, parseDocument } from '../../../src/state/document.ts';
import { readImages, readSources, writeImages, writeSources } from '../../../src/state/sources-and-images.ts';
import { complainAbout } from '../../../src/state/values.ts';

const FILE = 'state.toml';
const complain = complainAbout(FILE);
const read = (text: string) => decode(parseDocument(text, FILE), FILE);

/** As spec 3.1 shows it. */
const SAMPLE = `default_vm = "ubuntu-2404"

[vms.ubuntu-2404]
gui = false

[[sources]]
registry = "ghcr.io/cirruslabs"

[[sources]]
registry = "ghcr.io/pallewela"

images = ["ubuntu", "ubuntu-desktop"]
`;

test("the spec's sample is read as meant", () => {
  expect(read(SAMPLE).vms.get('ubuntu-2404')).toEqual({ window: false });
  expect(read(SAMPLE)).toMatchObject({
    defaultVm: 'ubuntu-2404',
    sources: ['ghcr.io/cirruslabs', 'ghcr.io/pallewela'],
    images: ['ubuntu', 'ubuntu-desktop'],
  });
});

test('what changes the sources keeps the images of the sample, and what changes the images keeps the sources', () => {
  const document = parseDocument(SAMPLE, FILE);
  writeSources(document, ['ghcr.io/pallewela', 'ghcr.io/cirruslabs'], complain);
  const after = read(formatDocument(document));
  expect(after.images).toEqual(['ubuntu', 'ubuntu-desktop']);
  expect(after.sources).toEqual(['ghcr.io/pallewela', 'ghcr.io/cirruslabs']);
  const other = parseDocument(SAMPLE, FILE);
  writeImages(other, ['x'], complain);
  expect(read(formatDocument(other))).toMatchObject({ images: ['x'], sources: ['ghcr.io/cirruslabs', 'ghcr.io/pallewela'] });
});

test('an emptied list leaves no key, and the last source takes no images with it', () => {
  const document = parseDocument(SAMPLE, FILE);
  writeSources(document, [], complain);
  expect(read(formatDocument(document))).toMatchObject({ sources: undefined, images: ['ubuntu', 'ubuntu-desktop'] });
  writeImages(document, [], complain);
  expect(read(formatDocument(document)).images).toBeUndefined();
});

test('unknown keys of a source stay with it', () => {
  const document = parseDocument('[[sources]]\nregistry = "a"\nnote = "mine"\n[[sources]]\nregistry = "b"\n', FILE);
  writeSources(document, ['b', 'c', 'a'], complain);
  expect(formatDocument(document)).toBe(
    '[[sources]]\nregistry = "b"\n\n[[sources]]\nregistry = "c"\n\n[[sources]]\nregistry = "a"\nnote = "mine"\n',
  );
});

describe('what is no list is said', () => {
  test.each([
    ['sources = "x"', "'sources' is not a list of tables"],
    ['[[sources]]\nname = "x"', "has no 'registry'"],
    ['images = "ubuntu"', "'images' is not a list of names"],
    ['images = [1]', "'images' is not a list of names"],
  ])('%p', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});

test('lists survive the round trip, whatever they hold', () => {
  const names = fc.uniqueArray(
    fc.string({ unit: 'binary', minLength: 1 }).filter((text) => text.isWellFormed()),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(names, names, (sources, images) => {
      const document = parseDocument('keep = 1\n[vms.lab]\ngui = true\n', FILE);
      writeSources(document, sources, complain);
      writeImages(document, images, complain);
      const after = parseDocument(formatDocument(document), FILE);
      expect(readSources(after, complain)).toEqual(sources);
      expect(readImages(after, complain)).toEqual(images);
      expect(after['keep']).toBe(1);
    }),
  );
});

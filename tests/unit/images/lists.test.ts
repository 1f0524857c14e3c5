import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { checkImage } from '../../../src/images/image.ts';
import { addItem, effectiveList, moveItem, removeItem } from '../../../src/images/ordered-list.ts';
import { findSource, normalizeSource, sourceLabels } from '../../../src/images/source.ts';
import { compareReleases, nearestReleases } from '../../../src/images/version.ts';

const items = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });

describe('the ordered list', () => {
  test('is the seeds when nothing or an empty list is configured', () => {
    expect(effectiveList(undefined, ['a'])).toEqual({ items: ['a'], builtIn: true });
    expect(effectiveList([], ['a'])).toEqual({ items: ['a'], builtIn: true });
    expect(effectiveList(['b', 'b', 'c'], ['a'])).toEqual({ items: ['b', 'c'], builtIn: false });
  });

  test('moves to a clamped position that counts from 1', () => {
    const list = ['a', 'b', 'c'];
    expect(moveItem(list, 'c', 1)).toEqual(['c', 'a', 'b']);
    expect(moveItem(list, 'a', 2)).toEqual(['b', 'a', 'c']);
    expect(moveItem(list, 'a', 99)).toEqual(['b', 'c', 'a']);
    expect(moveItem(list, 'c', 0)).toEqual(['c', 'a', 'b']);
    expect(moveItem(list, 'x', 1)).toBeUndefined();
  });

  test('add is last and once, remove undoes it, move keeps the others in order', () => {
    fc.assert(
      fc.property(items, fc.string({ minLength: 4, maxLength: 5 }), fc.integer({ min: -5, max: 20 }), (list, item, position) => {
        const added = addItem(list, item);
        expect(added).toEqual([...list, item]);
        expect(addItem(added, item)).toEqual(added);
        expect(removeItem(added, item)).toEqual(list);
        const moved = moveItem(added, item, position) ?? [];
        expect(moved.filter((other) => other !== item)).toEqual(list);
        expect(moved.indexOf(item)).toBe(Math.min(Math.max(position, 1), added.length) - 1);
      }),
    );
  });
});

describe('sources have one spelling', () => {
  test.each([
    ['ghcr.io/cirruslabs', 'ghcr.io/cirruslabs'],
    ['GHCR.IO/cirruslabs/', 'ghcr.io/cirruslabs'],
    ['ghcr.io/cirruslabs/ubuntu', 'ghcr.io/cirruslabs'],
    ['ghcr.io/a/b/ubuntu/ubuntu/', 'ghcr.io/a/b'],
    ['ghcr.io/ubuntu', 'ghcr.io/ubuntu'],
    ['ghcr.io/a_b/c-d.e', 'ghcr.io/a_b/c-d.e'],
  ])('%s', (text, source) => {
    expect(normalizeSource(text)).toBe(source);
  });

  test.each([
    ['', "only ghcr.io is supported, not ''"],
    ['docker.io/library', "not 'docker.io'"],
    ['ghcr.io', 'the namespace is missing'],
    ['ghcr.io/', 'the namespace is missing'],
    ['https://ghcr.io/cirruslabs', "leave out 'https://'"],
    ['ghcr.io:443/cirruslabs', "not 'ghcr.io:443'"],
    ['ghcr.io/cirruslabs/ubuntu:24.04', 'must not have a tag'],
    ['ghcr.io/cirruslabs@sha256:ab', 'must not have a tag or digest'],
    ['ghcr.io/Cirruslabs', "'Cirruslabs' is not a namespace"],
    ['ghcr.io/a//b', "'' is not a namespace"],
    ['ghcr.io/../x', "'..' is not a namespace"],
    ['ghcr.io/a b', "'a b' is not a namespace"],
    ['ghcr.io/-x', "'-x' is not a namespace"],
  ])('%p is none', (text, why) => {
    expect(() => normalizeSource(text)).toThrow(why);
  });

  test('normalising twice changes nothing', () => {
    const part = fc.constantFrom('ubuntu', 'a', 'b-c', 'cirruslabs', '');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        let once: string;
        try {
          once = normalizeSource(['ghcr.io', ...parts].join('/'));
        } catch {
          return; // not a source: nothing to normalise
        }
        expect(normalizeSource(once)).toBe(once);
      }),
    );
  });

  test('labels that collide are told apart by the whole prefix', () => {
    const labels = sourceLabels(['ghcr.io/cirruslabs', 'ghcr.io/a/team', 'ghcr.io/team']);
    expect([...labels.values()]).toEqual(['cirruslabs', 'ghcr.io/a/team', 'ghcr.io/team']);
  });

  test('one is found by prefix or label', () => {
    const sources = ['ghcr.io/cirruslabs', 'ghcr.io/a/team', 'ghcr.io/team'];
    expect(findSource(sources, 'cirruslabs')).toBe('ghcr.io/cirruslabs');
    expect(findSource(sources, 'ghcr.io/cirruslabs/ubuntu/')).toBe('ghcr.io/cirruslabs');
    expect(findSource(sources, 'ghcr.io/team')).toBe('ghcr.io/team');
    expect(() => findSource(sources, 'team')).toThrow("source 'team' is not configured");
  });
});

describe('image names', () => {
  test.each(['ubuntu', 'ubuntu-desktop', 'a_b', 'a__b', 'a.b-1'])('%p is one', (name) => {
    expect(checkImage(name)).toBe(name);
  });
  test.each(['', 'Ubuntu', 'a/b', 'a:1', 'a@sha256:1', '-a', 'a-', 'a..b', 'a b', 'a'.repeat(129)])('%p is none', (name) => {
    expect(() => checkImage(name)).toThrow('is not an image name');
  });
});

describe('versions', () => {
  test('are in the order of their numbers', () => {
    expect(['22.10', '9.10', '22.04', '24.4', '24.04'].sort(compareReleases)).toEqual(['9.10', '22.04', '22.10', '24.04', '24.4']);
  });
  const release = fc.tuple(fc.nat(99), fc.nat(99)).map(([major, minor]) => `${major}.${String(minor).padStart(2, '0')}`);
  test('have a total order', () => {
    fc.assert(
      fc.property(release, release, release, (a, b, c) => {
        expect(Math.sign(compareReleases(a, b)) + Math.sign(compareReleases(b, a))).toBe(0);
        if (compareReleases(a, b) <= 0 && compareReleases(b, c) <= 0) expect(compareReleases(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
  test('the nearest ones are around the wanted one', () => {
    const all = ['18.04', '20.04', '22.04', '24.04', '26.04', 'latest'];
    expect(nearestReleases('23.04', all, 2)).toEqual(['22.04', '24.04']);
    expect(nearestReleases('99.04', all, 3)).toEqual(['22.04', '24.04', '26.04']);
    expect(nearestReleases('1.04', all, 3)).toEqual(['18.04', '20.04', '22.04']);
    expect(nearestReleases('noble', all, 2)).toEqual(['24.04', '26.04']);
    expect(nearestReleases('24.04', [], 2)).toEqual([]);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createMac, type Mac } from '../../sandbox/mac.ts';
import { readState, writeState } from '../state.ts';

let mac: Mac;
beforeEach(async () => {
  // Neither list needs a Mac, Homebrew or Tart.
  mac = await createMac({ without: ['uname', 'brew', 'tart'] });
});
afterEach(() => mac[Symbol.asyncDispose]());

const BUILT_IN = "(built-in default, none is configured: 'rusta source add' adds to it)\n";

describe('4.12: source', () => {
  test('lists the built-in default', async () => {
    for (const args of [['source'], ['source', 'list']]) {
      expect(await mac.rusta(args)).toMatchObject({ code: 0, stdout: `ghcr.io/cirruslabs\n${BUILT_IN}`, stderr: '' });
    }
    expect(readState(mac)).toBeUndefined();
  });

  test('add writes the default down first; what is there already is a no-op', async () => {
    expect(await mac.rusta(['source', 'add', 'ghcr.io/Pallewela'])).toMatchObject({ code: 1 });
    expect(await mac.rusta(['source', 'add', 'GHCR.io/pallewela/ubuntu/'])).toMatchObject({
      code: 0,
      stdout: '[ok] Added source ghcr.io/pallewela\n',
    });
    expect(readState(mac)).toBe('[[sources]]\nregistry = "ghcr.io/cirruslabs"\n\n[[sources]]\nregistry = "ghcr.io/pallewela"\n');
    expect(await mac.rusta(['source', 'add', 'ghcr.io/pallewela'])).toMatchObject({
      code: 0,
      stdout: '[skip] source ghcr.io/pallewela already exists\n',
    });
    expect(await mac.rusta(['source'])).toMatchObject({ stdout: 'ghcr.io/cirruslabs\nghcr.io/pallewela\n', stderr: '' });
  });

  test('move changes the priority, clamped', async () => {
    await mac.rusta(['source', 'add', 'ghcr.io/a']);
    await mac.rusta(['source', 'add', 'ghcr.io/b']);
    expect(await mac.rusta(['source', 'move', 'ghcr.io/b', '1'])).toMatchObject({
      code: 0,
      stdout: '[ok] Moved source ghcr.io/b to position 1\n',
    });
    expect(await mac.rusta(['source', 'move', 'ghcr.io/cirruslabs', '99'])).toMatchObject({
      stdout: '[ok] Moved source ghcr.io/cirruslabs to position 3\n',
    });
    expect((await mac.rusta(['source'])).stdout).toBe('ghcr.io/b\nghcr.io/a\nghcr.io/cirruslabs\n');
  });

  test('rm removes; the last one brings the default back', async () => {
    await mac.rusta(['source', 'add', 'ghcr.io/a']);
    expect(await mac.rusta(['source', 'rm', 'ghcr.io/cirruslabs'])).toMatchObject({
      code: 0,
      stdout: '[ok] Removed source ghcr.io/cirruslabs\n',
    });
    expect((await mac.rusta(['source'])).stdout).toBe('ghcr.io/a\n');
    const last = await mac.rusta(['source', 'rm', 'ghcr.io/a']);
    expect(last).toMatchObject({ code: 0 });
    expect(last.stdout).toContain('the built-in default is in effect: ghcr.io/cirruslabs');
    expect(await mac.rusta(['source'])).toMatchObject({ stdout: `ghcr.io/cirruslabs\n${BUILT_IN}`, stderr: '' });
  });

  test('move and rm know a source by its label too, and in any spelling', async () => {
    await mac.rusta(['source', 'add', 'ghcr.io/pallewela']);
    expect(await mac.rusta(['source', 'move', 'pallewela', '1'])).toMatchObject({
      code: 0,
      stdout: '[ok] Moved source ghcr.io/pallewela to position 1\n',
    });
    expect(await mac.rusta(['source', 'rm', 'cirruslabs'])).toMatchObject({ stdout: '[ok] Removed source ghcr.io/cirruslabs\n' });
    expect((await mac.rusta(['source', 'rm', 'GHCR.io/pallewela/ubuntu/'])).stdout).toStartWith('[ok] Removed source ghcr.io/pallewela\n');
  });

  test.each([
    ['rm', 'ghcr.io/nobody'],
    ['move', 'ghcr.io/nobody'],
    ['rm', 'nobody'],
    ['move', 'docker.io/library'],
  ])('%s of %s, which is not there, ends with 2', async (action, source) => {
    const result = await mac.rusta(['source', action, source, ...(action === 'move' ? ['1'] : [])]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(`source '${source}' is not configured`);
    expect(readState(mac)).toBeUndefined();
  });
});

describe('4.13: image', () => {
  test('add, move, rm', async () => {
    expect(await mac.rusta(['image', 'add', 'ubuntu-minimal'])).toMatchObject({ code: 0, stdout: '[ok] Added image ubuntu-minimal\n' });
    expect(readState(mac)).toBe('images = [ "ubuntu", "ubuntu-desktop", "ubuntu-minimal" ]\n');
    await mac.rusta(['image', 'move', 'ubuntu-minimal', '1']);
    expect((await mac.rusta(['image'])).stdout).toBe('ubuntu-minimal (default)\nubuntu\nubuntu-desktop\n');
    await mac.rusta(['image', 'rm', 'ubuntu-minimal']);
    expect((await mac.rusta(['image', 'list'])).stdout).toBe('ubuntu (default)\nubuntu-desktop\n');
    expect(await mac.rusta(['image', 'rm', 'nope'])).toMatchObject({ code: 2 });
  });

  test("the spec's sample file is read as meant, and kept when it is changed", async () => {
    writeState(
      mac,
      'default_vm = "lab"\n[[sources]]\nregistry = "ghcr.io/cirruslabs"\n[[sources]]\nregistry = "ghcr.io/pallewela"\n\nimages = ["x", "y"]\n',
    );
    expect((await mac.rusta(['image'])).stdout).toBe('x (default)\ny\n');
    await mac.rusta(['source', 'rm', 'ghcr.io/pallewela']);
    expect((await mac.rusta(['image'])).stdout).toBe('x (default)\ny\n');
    expect(readState(mac)).toBe('default_vm = "lab"\nimages = [ "x", "y" ]\n\n[[sources]]\nregistry = "ghcr.io/cirruslabs"\n');
  });
});

test('they start nothing', async () => {
  await mac.rusta(['source', 'add', 'ghcr.io/a']);
  await mac.rusta(['image']);
  expect(mac.calls()).toEqual([]);
});

test('forty changes at the same time all end up in the file', async () => {
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  const results = await Promise.all(
    numbers.flatMap((n) => [mac.rusta(['source', 'add', `ghcr.io/s${n}`]), mac.rusta(['image', 'add', `i${n}`])]),
  );
  expect(results.filter(({ code }) => code !== 0)).toEqual([]);
  const sources = (await mac.rusta(['source'])).stdout.trim().split('\n');
  const images = (await mac.rusta(['image'])).stdout.trim().split('\n');
  expect(sources.sort()).toEqual(['ghcr.io/cirruslabs', ...numbers.map((n) => `ghcr.io/s${n}`)].sort());
  expect(images.sort()).toEqual(['ubuntu (default)', 'ubuntu-desktop', ...numbers.map((n) => `i${n}`)].sort());
});

describe('bad usage', () => {
  const cases: [args: string[], named: string][] = [
    [['source', 'bogus'], "unknown action 'bogus' of 'source'"],
    [['source', 'remove'], "'remove'"],
    [['source', 'constructor'], "'constructor'"],
    [['source', 'add'], '<registry> is required'],
    [['source', 'add', 'a', 'b'], "'b'"],
    [['source', 'add', ''], 'is not a source'],
    [['source', 'add', 'docker.io/library'], "only ghcr.io is supported, not 'docker.io'"],
    [['source', 'add', 'ghcr.io/a:1'], 'must not have a tag'],
    [['source', 'move', 'ghcr.io/a'], '<pos> is required'],
    [['source', 'move', 'ghcr.io/a', 'first'], "<pos> takes a whole number from 0 to 1000000, not 'first'"],
    [['source', 'list', 'x'], "'x'"],
    [['source', '--bogus'], "'--bogus'"],
    [['image', 'add', 'a/b'], "'a/b' is not an image name"],
    [['image', 'add', 'Ubuntu'], 'lower-case'],
    [['image', 'move', 'ubuntu', '1.5'], "not '1.5'"],
    [['image', 'ls'], "'list'"],
  ];
  test.each(cases)('rusta %j', async (args, named) => {
    const result = await mac.rusta(args);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(named);
    expect(readState(mac)).toBeUndefined();
  });
});

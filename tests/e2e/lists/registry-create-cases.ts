import { describe, expect, test } from 'bun:test';
import { commands, readState } from '../state.ts';
import { type Cases, sources } from './registry-world.ts';

export function createCases({ mac, ask }: Cases): void {
  describe('create', () => {
    const clones = () => commands(mac(), 'tart').filter((line) => line.startsWith('clone'));
    const both = sources('pallewela', 'cirruslabs');
    const made = async (args: string[], options: Parameters<typeof ask>[1] = {}) => {
      const before = clones().length;
      const result = await ask(['create', 'lab', ...args], options);
      const cloned = clones().slice(before);
      if (mac().vm('lab').exists) await mac().rusta(['delete', 'lab', '-y']);
      return { ...result, cloned };
    };

    test('with one source asks nobody', async () => {
      const result = await made([]);
      expect(result).toMatchObject({ code: 0, cloned: ['clone ghcr.io/cirruslabs/ubuntu:24.04 lab'] });
      expect(result.hosts).toEqual([]);
    });

    test('takes the first source in priority that has the version', async () => {
      expect(await made([], { state: both })).toMatchObject({ cloned: ['clone ghcr.io/pallewela/ubuntu:24.04 lab'] });
      expect(await made(['--version', '22.04'], { state: both })).toMatchObject({
        code: 0,
        cloned: ['clone ghcr.io/cirruslabs/ubuntu:22.04 lab'],
      });
    });

    test('does not wait for answers that no longer matter', async () => {
      const behaviours = { 'cirruslabs/ubuntu': [{ kind: 'silent' }] } as const;
      const result = await made([], { state: both, behaviours, env: { RUSTA_REGISTRY_TIMEOUT: '3000' } });
      expect(result).toMatchObject({ cloned: ['clone ghcr.io/pallewela/ubuntu:24.04 lab'] });
    });

    test('skips a source that cannot be reached, with a warning', async () => {
      const result = await made([], { state: both, behaviours: { 'pallewela/ubuntu': [{ kind: 'status', status: 500 }] } });
      expect(result).toMatchObject({ code: 0, cloned: ['clone ghcr.io/cirruslabs/ubuntu:24.04 lab'] });
      expect(result.stderr).toContain('[warn] skipping source ghcr.io/pallewela, it cannot be reached: HTTP 500');
    });

    test('a version that nobody has creates nothing and names the nearest', async () => {
      const result = await made(['--version', '23.04'], { state: both });
      expect(result).toMatchObject({ code: 1, cloned: [] });
      expect(result.stderr).toContain(
        '[error] ubuntu:23.04 was not found in any source; nothing was created\nNearest: 22.04, 24.04, 25.10.',
      );
      expect(readState(mac())).toBe(both);
    });

    test('when no source answers it says so', async () => {
      const result = await made([], { state: both, proxy: { refuse: 502 } });
      expect(result).toMatchObject({ code: 1, cloned: [] });
      expect(result.stderr).toContain('[error] ubuntu:24.04 was not found in any source: none can be reached; nothing was created');
    });

    test('--source pins one, without a query; --image names another image', async () => {
      const pinned = await made(['--source', 'cirruslabs', '--image', 'ubuntu-desktop'], { state: both });
      expect(pinned.cloned).toEqual(['clone ghcr.io/cirruslabs/ubuntu-desktop:24.04 lab']);
      expect(pinned.hosts).toEqual([]);
    });

    test('the first configured image is the default', async () => {
      mac().addImage('ghcr.io/cirruslabs/mine:24.04');
      expect(await made([], { state: 'images = ["mine", "ubuntu"]\n' })).toMatchObject({
        cloned: ['clone ghcr.io/cirruslabs/mine:24.04 lab'],
      });
    });

    test('an unknown --source creates nothing', async () => {
      expect(await made(['--source', 'nobody'])).toMatchObject({
        code: 1,
        cloned: [],
        stderr: expect.stringContaining("source 'nobody' is not configured"),
      });
    });

    test.each([
      ['--source', 'cirruslabs'],
      ['--image', 'ubuntu'],
    ])('--image-ref and %s exclude each other', async (flag, value) => {
      const result = await made(['--image-ref', 'ghcr.io/a/b:c', flag, value]);
      expect(result).toMatchObject({ code: 1, cloned: [] });
      expect(result.stderr).toContain(`'--image-ref' and '${flag}' exclude each other`);
    });
  });
}

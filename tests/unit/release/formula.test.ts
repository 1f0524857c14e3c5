import { expect, test } from 'bun:test';
import { join } from 'node:path';
import packageJson from '../../../package.json' with { type: 'json' };
import { contents } from '../../../src/release/contents.ts';
import { formula } from '../../../src/release/formula.ts';
import { MINIMUM_MACOS } from '../../../src/release/release.ts';

const TARBALL = `rusta-v${packageJson.version}-aarch64-apple-darwin.tar.gz`;
const RELEASE = { ...packageJson, tarball: TARBALL, sha256: 'a'.repeat(64), minimumMacos: MINIMUM_MACOS };
const text = formula(RELEASE);
const none = new Uint8Array();

test('it says where the tarball is, what it must hash to, and where it runs', () => {
  expect(text).toContain(`url "${packageJson.repository}/releases/download/v${packageJson.version}/${RELEASE.tarball}"`);
  expect(text).toContain(`sha256 "${RELEASE.sha256}"`);
  expect(text).toContain('depends_on arch: :arm64');
  expect(text).toContain('depends_on macos: :sonoma');
  expect(text).toContain('brew trust openai/tools');
  expect(/desc "(.*)"/.exec(text)?.[1]?.length).toBeLessThan(80);
});

test('it names the version once, where Homebrew reads it: behind the first hyphen of the tarball', () => {
  expect(text).not.toMatch(/^\s*version /m);
  const file = /url "(.*)"/.exec(text)?.[1]?.split('/').at(-1) ?? '';
  expect(/-v?(\d[^-]+)/.exec(file)?.[1]).toBe(packageJson.version);
});

test('what it installs is in the tarball, and nothing of the tarball is forgotten', async () => {
  const files = await contents({
    binary: none,
    license: none,
    readme: none,
    version: '1.2.3',
    date: '2026-11-23',
    repository: 'https://example.org/r',
  });
  const install = /def install\n(.*?)\n {2}end/s.exec(text)?.[1] ?? '';
  const patterns = [...install.matchAll(/(?:install |\[)"([^"]+)"/g)].map(([, path]) => new Bun.Glob(path ?? ''));
  expect(patterns).toHaveLength(6);
  for (const pattern of patterns) expect(files.some(({ path }) => pattern.match(path))).toBe(true);
  // Homebrew installs these two by itself.
  const left = files.map(({ path }) => path).filter((path) => !patterns.some((pattern) => pattern.match(path)));
  expect(left.sort()).toEqual(['LICENSE', 'README.md']);
  // Nothing of the tarball is started while it is installed.
  expect(install).not.toMatch(/system|shell_output|generate_completions/);
});

test('Formula/rusta.rb is what the release script writes for this version', async () => {
  const committed = await Bun.file(join(import.meta.dir, '../../../Formula/rusta.rb')).text();
  const [, sha256 = ''] = /sha256 "([0-9a-f]{64})"/.exec(committed) ?? [];
  expect(committed).toBe(formula({ ...RELEASE, sha256 }));
});

test.skipIf(Bun.which('ruby') === null)('Ruby understands it', () => {
  const { stdout, stderr } = Bun.spawnSync(['ruby', '-c'], { stdin: Buffer.from(text) });
  expect(stderr.toString()).toBe('');
  expect(stdout.toString()).toBe('Syntax OK\n');
});

test('text that Ruby would compute with is refused', () => {
  expect(() => formula({ ...RELEASE, description: 'a #{b}' })).toThrow('cannot stand in the formula');
});

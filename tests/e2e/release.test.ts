import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { release } from '../../src/release/release.ts';
import { verifyProgram } from '../../src/release/verify.ts';
import { WORDS } from '../unit/cli/leaves.ts';

const TARBALL = `rusta-v${packageJson.version}-aarch64-apple-darwin.tar.gz`;

let root: string;
let first: Map<string, string>;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rusta-release-test-'));
  first = await release({ folder: join(root, 'one'), formulas: join(root, 'Formula') });
}, 120_000);
afterAll(() => rmSync(root, { recursive: true }));

test('two builds give the same files', async () => {
  const second = await release({ folder: join(root, 'two'), formulas: join(root, 'Formula') });
  expect([...second.values()]).toEqual([...first.values()]);
}, 120_000);

test('the folder holds what is uploaded, and the sums fit it', () => {
  expect(readdirSync(join(root, 'one')).sort()).toEqual(['SHA256SUMS', TARBALL, `rusta-v${packageJson.version}.cdx.json`]);
  const check = Bun.spawnSync(
    process.platform === 'darwin' ? ['shasum', '-a', '256', '-c', 'SHA256SUMS'] : ['sha256sum', '-c', 'SHA256SUMS'],
    {
      cwd: join(root, 'one'),
    },
  );
  expect(check.exitCode).toBe(0);
  expect(readFileSync(join(root, 'Formula', 'rusta.rb'), 'utf8')).toContain(`sha256 "${first.get(join(root, 'one', TARBALL))}"`);
});

test('the tarball unpacks to the binary for Apple Silicon, in order to the last byte, and what belongs to it', () => {
  const folder = mkdtempSync(join(root, 'unpacked-'));
  expect(Bun.spawnSync(['tar', 'xzf', join(root, 'one', TARBALL)], { cwd: folder }).exitCode).toBe(0);
  const manual = ['rusta.1', ...WORDS.map((name) => `rusta-${name}.1`)].map((name) => `man/man1/${name}`);
  const completions = ['rusta.bash', '_rusta', 'rusta.fish'].map((name) => `completions/${name}`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()).toEqual(
    ['rusta', 'LICENSE', 'README.md', ...completions, ...manual].sort(),
  );
  const binary = new Uint8Array(readFileSync(join(folder, 'rusta')));
  const expected = { identifier: 'rusta', minimumOs: { major: 13, minor: 0 } };
  expect(() => verifyProgram(binary, expected)).not.toThrow();
  binary[40_000_000] = (binary[40_000_000] ?? 0) ^ 1;
  expect(() => verifyProgram(binary, expected)).toThrow('is not what was signed');
});

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../build.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { readProgram } from '../../../src/release/macho.ts';
import { ROOT, release } from '../../../src/release/release.ts';
import { verifyProgram } from '../../../src/release/verify.ts';
import { WORDS } from '../../unit/cli/leaves.ts';

const TARBALL = `rusta-v${packageJson.version}-aarch64-apple-darwin.tar.gz`;
const EXPECTED = { identifier: 'rusta', minimumOs: { major: 13, minor: 0 } };

let root: string;
let first: Map<string, string>;
/** Another program that the same Bun compiles for a Mac. */
let stranger: Buffer;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'rusta-release-test-'));
  first = await release({ folder: join(root, 'one'), formulas: join(root, 'Formula') });
  const entrypoint = join(root, 'stranger.ts');
  writeFileSync(entrypoint, "console.log('hello');\n");
  await compile({ entrypoint, outfile: join(root, 'stranger'), target: 'bun-darwin-arm64' });
  stranger = readFileSync(join(root, 'stranger'));
}, 300_000);
afterAll(() => rmSync(root, { recursive: true }));

test('two builds give the same files', async () => {
  const second = await release({ folder: join(root, 'two'), formulas: join(root, 'Formula') });
  expect([...second.values()]).toEqual([...first.values()]);
}, 300_000);

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

/** The folder that the tarball unpacks to. */
function unpacked(): string {
  const folder = mkdtempSync(join(root, 'unpacked-'));
  expect(Bun.spawnSync(['tar', 'xzf', join(root, 'one', TARBALL)], { cwd: folder }).exitCode).toBe(0);
  return folder;
}

const uuid = (file: Uint8Array) => readProgram(file).uuid?.text;

test('macOS can tell the binary from whatever else this Bun compiles', () => {
  const binary = readFileSync(join(unpacked(), 'rusta'));
  expect(uuid(stranger)).toMatch(/^[0-9A-F-]{36}$/);
  expect(uuid(binary)).toMatch(/^[0-9A-F-]{36}$/);
  expect(uuid(binary)).not.toBe(uuid(stranger));
});

test('a build for a Mac that is no release is signed as one', () => {
  const { exitCode } = Bun.spawnSync([process.execPath, 'build.ts', 'bun-darwin-arm64'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  expect(exitCode).toBe(0);
  const binary = readFileSync(join(ROOT, 'dist/bun-darwin-arm64/rusta'));
  expect(uuid(binary)).toBe(uuid(readFileSync(join(unpacked(), 'rusta'))));
  expect(() => verifyProgram(binary, EXPECTED)).not.toThrow();
}, 300_000);

/** Names of libraries without a folder, which macOS looks for in the current folder first. */
function bareLibraries(file: Buffer): string[] {
  const names: string[] = [];
  for (let end = file.indexOf('.dylib'); end !== -1; end = file.indexOf('.dylib', end + 1)) {
    const name = /[\w./@+-]*$/.exec(file.toString('latin1', end - 100, end))?.[0] ?? '';
    if (!name.includes('/')) names.push(name);
  }
  return names.sort();
}

test('the binary names no library without its folder, but for what the runtime itself has', () => {
  const binary = readFileSync(join(unpacked(), 'rusta'));
  expect(bareLibraries(binary)).toEqual(bareLibraries(stranger));
  expect(bareLibraries(stranger)).toContain('libsqlite3');
  expect(binary.includes('/usr/lib/libSystem.B.dylib')).toBe(true);
});

test('the tarball unpacks to the binary for Apple Silicon, in order to the last byte, and what belongs to it', () => {
  const folder = unpacked();
  const manual = ['rusta.1', ...WORDS.map((name) => `rusta-${name}.1`)].map((name) => `man/man1/${name}`);
  const completions = ['rusta.bash', '_rusta', 'rusta.fish'].map((name) => `completions/${name}`);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()).toEqual(
    ['rusta', 'LICENSE', 'README.md', 'rusta.schema.json', ...completions, ...manual].sort(),
  );
  const binary = new Uint8Array(readFileSync(join(folder, 'rusta')));
  expect(() => verifyProgram(binary, EXPECTED)).not.toThrow();
  binary[40_000_000] = (binary[40_000_000] ?? 0) ^ 1;
  expect(() => verifyProgram(binary, EXPECTED)).toThrow('is not what was signed');
});

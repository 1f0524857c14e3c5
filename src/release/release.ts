import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildProduct } from '../../build.ts';
import lock from '../../bun.lock';
import packageJson from '../../package.json' with { type: 'json' };
import { contents } from './contents.ts';
import { formula } from './formula.ts';
import { sbom } from './sbom.ts';
import { gzip, tar } from './tar.ts';

export const ROOT = join(import.meta.dir, '..', '..');
const { name, version, released, repository } = packageJson;
const TARBALL = `${name}-v${version}-aarch64-apple-darwin.tar.gz`;
const SBOM = `${name}-v${version}.cdx.json`;
/** macOS 14: on an older one Tart has no `exec`, and no VM would ever become ready (docs/tart.md, section 1). */
export const MINIMUM_MACOS = 'sonoma';

export interface Destination {
  /** The folder to write to, which is emptied first. */
  readonly folder: string;
  readonly formulas: string;
}

/** Writes tarball, SBOM, their sums and the formula; returns path -> SHA-256 of the files to upload. Throws Error if the binary is not in order. */
export async function release({ folder, formulas }: Destination): Promise<Map<string, string>> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [binary, license, readme] = await Promise.all([releaseBinary(), read('LICENSE'), read('README.md')]);
  const files = await contents({ binary, license, readme, version, date: released, repository });
  const outputs = [
    [TARBALL, gzip(tar(files))],
    [SBOM, new TextEncoder().encode(`${JSON.stringify(sbom(lock, packageJson), null, 2)}\n`)],
  ] as const;
  for (const [file, bytes] of outputs) await Bun.write(join(folder, file), bytes);
  await Bun.write(join(folder, 'SHA256SUMS'), outputs.map(([file, bytes]) => `${sha256(bytes)}  ${file}\n`).join(''));
  const values = { ...packageJson, tarball: TARBALL, sha256: sha256(outputs[0][1]), minimumMacos: MINIMUM_MACOS };
  await Bun.write(join(formulas, `${name}.rb`), formula(values));
  return new Map(outputs.map(([file, bytes]) => [join(folder, file), sha256(bytes)]));
}

/** Returns the binary, checked also by Apple's own tool if there is one. Throws Error naming its fault. */
async function releaseBinary(): Promise<Uint8Array> {
  const workshop = mkdtempSync(join(tmpdir(), 'rusta-release-'));
  try {
    return await checkedAt(join(workshop, name));
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
}

async function checkedAt(outfile: string): Promise<Uint8Array> {
  await buildProduct(outfile, 'bun-darwin-arm64');
  if (process.platform === 'darwin') check(['codesign', '--verify', '--strict', '--verbose=2', outfile]);
  if (process.platform === 'darwin' && process.arch === 'arm64') check([outfile, '--version']);
  return Bun.file(outfile).bytes();
}

function read(file: string): Promise<Uint8Array> {
  return Bun.file(join(ROOT, file)).bytes();
}

function check(argv: string[]): void {
  const { exitCode } = Bun.spawnSync(argv, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (exitCode !== 0) throw new Error(`${argv.join(' ')} ended with ${exitCode}`);
}

function sha256(bytes: Uint8Array): string {
  return new Bun.CryptoHasher('sha256').update(bytes).digest('hex');
}

/**
 * `bun run build [target]`: the `rusta` binary, for the machine that it runs on unless a target says otherwise,
 * e.g. `bun-darwin-arm64`, which works from Linux too.
 */
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from './package.json' with { type: 'json' };
import { sign } from './src/release/sign.ts';
import { verifyProgram } from './src/release/verify.ts';

export interface BuildOptions {
  readonly entrypoint: string;
  readonly outfile: string;
  /** Bun's name of another machine, e.g. `bun-darwin-arm64`. */
  readonly target?: Bun.Build.CompileTarget;
}

/** ESM because bytecode in the default format dies on `import.meta`; nothing of the user's current folder is ever loaded. */
export async function compile({ entrypoint, outfile, target }: BuildOptions): Promise<void> {
  const result = await Bun.build({
    entrypoints: [entrypoint],
    format: 'esm',
    target: 'bun',
    bytecode: true,
    // Each dynamic import becomes a chunk of its own: without it, the modules of Bun's that any file needs load at every start.
    splitting: true,
    minify: true,
    compile: {
      outfile,
      ...(target === undefined ? {} : { target }),
      autoloadDotenv: false,
      autoloadBunfig: false,
      autoloadTsconfig: false,
      autoloadPackageJson: false,
    },
  });
  if (!result.success) throw new AggregateError(result.logs, `${entrypoint} does not compile`);
}

/** What Bun's runtime asks for. Tart's `exec` needs macOS 14, which the formula asks for (docs/tart.md, section 1). */
export const BINARY_MACOS = { major: 13, minor: 0 };

/**
 * Builds the product. A program for Apple Silicon is signed under our own name, with a UUID of its own, and verified: as Bun leaves it,
 * macOS would share its Local Network permission with everything else that Bun has compiled. Throws Error for one that is not in order.
 */
export async function buildProduct(outfile: string, target?: Bun.Build.CompileTarget): Promise<void> {
  const entrypoint = join(import.meta.dir, 'src', 'main.ts');
  await compile({ entrypoint, outfile, ...(target === undefined ? {} : { target }) });
  if ((target ?? `bun-${process.platform}-${process.arch}`) !== 'bun-darwin-arm64') return;
  const signed = `${outfile}.signed`;
  await Bun.write(signed, sign(await Bun.file(outfile).bytes(), packageJson.name));
  // The file that is read back is the one that is used. A new file, because macOS may remember the signature of the old one.
  verifyProgram(await Bun.file(signed).bytes(), { identifier: packageJson.name, minimumOs: BINARY_MACOS });
  chmodSync(signed, 0o755);
  renameSync(signed, outfile);
}

/** A binary that cannot print its version was not built, whatever the compiler said. */
async function smokeTest(binary: string): Promise<void> {
  const child = Bun.spawn([binary, '--version'], { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', env: {} });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  if (child.exitCode !== 0 || stdout !== `${packageJson.version}\n`) {
    throw new Error(`${binary} --version printed '${stdout}' and ended with ${child.exitCode}: ${stderr}`);
  }
}

const TARGETS: readonly Bun.Build.CompileTarget[] = ['bun-darwin-arm64', 'bun-linux-x64', 'bun-linux-arm64'];

if (import.meta.main) {
  const wanted = process.argv[2];
  const target = TARGETS.find((known) => known === wanted);
  if (wanted !== undefined && target === undefined) throw new Error(`unknown target '${wanted}', use one of ${TARGETS.join(', ')}`);
  const folder = join(import.meta.dir, 'dist', target ?? '');
  const outfile = join(folder, 'rusta');
  mkdirSync(folder, { recursive: true });
  // In a folder of its own, not under a name of its own: the name becomes part of the binary, and two builds would differ by it.
  const workshop = mkdtempSync(join(folder, '.new-'));
  const fresh = join(workshop, 'rusta');
  try {
    await buildProduct(fresh, target);
    if (target === undefined) await smokeTest(fresh);
    // The last good binary stays until there is another one.
    renameSync(fresh, outfile);
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  console.log(`built ${outfile}`);
}

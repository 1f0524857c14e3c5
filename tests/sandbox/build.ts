import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compile } from '../../build.ts';
import { createTools, toolsOf } from './scratch/tools.ts';

const here = import.meta.dir;
const cache = resolve(here, '../../dist/sandbox');

let built: Promise<string> | undefined;

/** The path of the compiled stand-in, made if its sources changed, and looked for once in a process: that reads all of them. */
export function buildStandin(): Promise<string> {
  built ??= build();
  return built;
}

/** Several processes may do so at once: each builds under a name of its own, and the first or last rename wins, which is the same. */
async function build(): Promise<string> {
  const path = join(cache, `standin-${sourceHash()}`);
  if (existsSync(path)) return path;
  const temporary = join(cache, `new-${process.pid}-${crypto.randomUUID().slice(0, 8)}`);
  mkdirSync(temporary, { recursive: true });
  try {
    await compile({ entrypoint: join(here, 'standin/main.ts'), outfile: join(temporary, 'standin') });
    // The tools first: where the binary is, they are.
    createTools(join(temporary, 'tools'), path);
    if (!existsSync(toolsOf(path))) renameOrLose(join(temporary, 'tools'), toolsOf(path));
    renameSync(join(temporary, 'standin'), path);
    dropOldBuilds();
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return path;
}

/** A folder cannot replace a full one: another builder was faster. */
function renameOrLose(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** A build is 100 MB, and every change of a source makes one. Fresh ones may be in use by another checkout of the moment. */
function dropOldBuilds(): void {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? anHourAgo) < anHourAgo) rmSync(path, { recursive: true, force: true });
  }
}

/** Of what is compiled: all of the folders, and of the files here only those that they import. */
function sourceHash(): string {
  const hash = createHash('sha256').update(`${Bun.version} ${process.platform} ${process.arch}`);
  const files = [...new Bun.Glob('*/**/*.{ts,sh}').scanSync({ cwd: here }), 'guest.ts', 'knobs.ts', '../../build.ts'];
  for (const file of files.filter((name) => !name.endsWith('.test.ts')).sort()) hash.update(file).update(readFileSync(join(here, file)));
  return hash.digest('hex').slice(0, 16);
}

if (import.meta.main) console.log(await buildStandin());

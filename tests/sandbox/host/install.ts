import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { quickScriptOf } from '../scratch/tools.ts';

/** Puts a program into the Mac's bin/; `standin` is the compiled binary. There already: nothing. */
export function installProgram(root: string, standin: string, program: string): void {
  const path = join(root, 'bin', program);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  if (program !== 'tart') {
    // Every command of rusta's asks it first.
    symlinkSync(program === 'uname' ? quickScriptOf(standin) : standin, path);
    return;
  }
  // As brew's: a shell shim that execs the app, which is what `ps` then shows.
  const app = join(root, 'libexec/tart.app/Contents/MacOS/tart');
  mkdirSync(dirname(app), { recursive: true });
  if (!existsSync(app)) symlinkSync(standin, app);
  writeFileSync(path, `#!/bin/sh\nexec "${app}" "$@"\n`);
  chmodSync(path, 0o755);
}

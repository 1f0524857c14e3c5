import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { pathExists } from '../system/files/files.ts';
import { writePrivateFile } from '../system/files/private-files.ts';
import { readWhole, STDIN } from '../system/files/read-whole.ts';

/** Reads the file that `--script` names, before anything else is done. Throws RustaError if it cannot be read, or is empty. */
export function readUserScript(app: Pick<App, 'stdio'>, file: string): Uint8Array {
  if (file === STDIN && app.stdio.isTerminal(0)) {
    throw new RustaError('usage', `'--script ${STDIN}' reads the script from stdin, which is a terminal`, {
      hint: 'Name the file that holds it, or pipe it in.',
    });
  }
  const script = readWhole(file);
  if (script.length > 0) return script;
  throw new RustaError('usage', `the script ${file === STDIN ? 'on stdin' : file} is empty`, { hint: 'Nothing was created.' });
}

/** Keeps a script for the guest and for `--resume`. Throws RustaError if one that was kept is gone. */
export function keepUserScript({ paths }: Pick<App, 'paths'>, vm: string, script: Uint8Array | undefined): void {
  const path = paths.userScript(vm);
  if (script !== undefined) writePrivateFile(path, script);
  if (pathExists(path)) return;
  throw new RustaError('nothing_to_read', `the script that VM '${vm}' was to be created with is gone: ${path}`, {
    hint: `Bring it again: rusta create ${vm} --resume --script <file>`,
  });
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { pathExists } from '../system/files/files.ts';
import { writePrivateFile } from '../system/files/private-files.ts';
import { readWhole, STDIN } from '../system/files/read-whole.ts';
import { expandTilde } from '../text/tilde.ts';

const INTERPRETER_OF_WINDOWS = /^#![^\n]*\r\n/;
/** Length of the first line that Linux looks at, in bytes. */
const LONGEST_LINE = 256;

/** Reads the script that `--script` names, before anything else is done. Throws RustaError if it cannot be read or run, or is empty. */
export async function readUserScript(app: Pick<App, 'stdio' | 'env' | 'interrupt'>, given: string): Promise<Uint8Array> {
  if (given === STDIN && app.stdio.isTerminal(0)) {
    throw new RustaError('usage', `'--script ${STDIN}' reads the script from stdin, which is a terminal`, {
      hint: 'Name the file that holds it, or pipe it in.',
    });
  }
  const script = await readWhole(expandTilde(given, app.env['HOME']), app.interrupt.signal);
  const name = given === STDIN ? 'on stdin' : given;
  if (script.length === 0) throw new RustaError('usage', `the script ${name} is empty`, { hint: 'Nothing was created.' });
  if (INTERPRETER_OF_WINDOWS.test(Buffer.from(script).toString('latin1', 0, LONGEST_LINE))) {
    throw new RustaError('usage', `the script ${name} has line ends of Windows (CRLF): no guest finds its interpreter`, {
      hint: "Nothing was created. Take them out: tr -d '\\r' < script.sh > unix.sh",
    });
  }
  return script;
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

import { usageError } from '../errors.ts';
import { HelpWanted } from './parse.ts';
import { execSpec } from './specs.ts';

export interface ExecRequest {
  readonly interactive: boolean;
  readonly tty: boolean;
  readonly name: string;
  readonly command: readonly string[];
}

/** Flags before NAME only; everything behind it is the command as it stands, `--` included. */
export function parseExec(args: readonly string[]): ExecRequest {
  let at = 0;
  let interactive = false;
  let tty = false;
  for (; args[at]?.startsWith('-'); at++) {
    const word = args[at] ?? '';
    if (word === '-h' || word === '--help') throw new HelpWanted();
    if (!/^-[it]+$/.test(word)) throw usageError(`Unknown option '${word}'`, execSpec);
    interactive ||= word.includes('i');
    tty ||= word.includes('t');
  }
  const name = args[at];
  const command = args.slice(at + 1);
  if (name === undefined) throw usageError("Missing expected argument '<name>'", execSpec, '<name>  VM name');
  if (command.length === 0) throw usageError("Missing expected argument '<command> ...'", execSpec, '<command>  Command to execute');
  return { interactive, tty, name, command };
}

import { join } from 'node:path';
import type { Mac } from '../sandbox/mac.ts';

/** Runs a program in the foreground of a shell that survives it, keeps its exit code, and says how it left the terminal. */
const SHELL = `
trap : INT TERM HUP
"$@"
code=$?
echo "tty:" $(stty -a)
exit $code
`;

export function checkedOnTerminal(mac: Mac, argv: readonly string[]): string[] {
  return [join(mac.root, 'sys/sh'), '-c', SHELL, 'sh', ...argv];
}

/** Lines are read whole and echoed, and signals come from keys. */
export const IS_SANE = /tty: (?=.* isig)(?=.* icanon)(?=.* echo )/;

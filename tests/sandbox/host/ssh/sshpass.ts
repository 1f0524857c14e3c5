import { readFileSync } from 'node:fs';
import { become, ownEnvironment } from '../../standin/exec.ts';
import { err } from '../../standin/io.ts';
import type { Program } from '../../standin/programs.ts';

/** Hands the password to the ssh double beneath it, and becomes it: one answer, one exit code. */
export const sshpass: Program = ({ args }) => {
  let password: string | undefined;
  let at = 0;
  for (; args[at]?.startsWith('-'); at++) {
    const word = args[at] ?? '';
    if (word === '-e') password = process.env['SSHPASS'];
    else if (word === '-p') password = args[++at];
    else if (word === '-f') password = readFileSync(args[++at] ?? '', 'utf8').split('\n')[0];
    else if (word.startsWith('-p')) password = word.slice(2);
  }
  if (password === undefined) {
    err('SSHPASS: -e option given but SSHPASS environment variable not set');
    return 3;
  }
  const { SSHPASS: _, ...env } = ownEnvironment();
  become(args.slice(at), { ...env, SANDBOX_SSHPASS: password });
  err(`sshpass: Failed to run command: No such file or directory`);
  return 3;
};

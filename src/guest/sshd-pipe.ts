import toSshd from './scripts/to-sshd.pl' with { type: 'text' };

/** Returns the guest program that joins its standard input and output to the guest's sshd; for so many seconds it waits for one that refuses. */
export function sshdPipe(port: number, patienceS: number): readonly string[] {
  return ['perl', '-e', toSshd, String(port), String(Math.ceil(patienceS))];
}

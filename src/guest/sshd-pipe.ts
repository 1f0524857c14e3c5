import toSshd from './scripts/to-sshd.pl' with { type: 'text' };

/** Returns the guest program that joins its standard input and output to the guest's sshd. It waits so many seconds for an sshd that refuses. */
export function sshdPipe(port: number, patienceS: number): readonly string[] {
  return ['perl', '-e', toSshd, String(port), String(Math.ceil(patienceS))];
}

/** The host's own programs: the stand-in Mac puts doubles on PATH, and none of them may serve a guest. */
export const HOST_ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' } as const;

/** Runs a program to its end and returns its output; throws with its stderr when it fails. */
export async function output(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const child = Bun.spawn([...argv], { env: { ...HOST_ENV, ...env }, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`${argv.slice(0, 2).join(' ')} ended with ${code}: ${(stderr || stdout).trim().slice(-2000)}`);
  return stdout;
}

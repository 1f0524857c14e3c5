import type { Runner } from '../system/programs/runner.ts';

const TIMEOUT_MS = 5_000;
/** Names are short; what is longer is no answer. */
const LONGEST = 40;

/** The machine's architecture as `uname -m` says it, e.g. `arm64`. The one question about the host, so tests can answer it. */
export async function hostArchitecture(runner: Runner): Promise<string> {
  const { stdout } = await runner.check({ program: 'uname', args: ['-m'], timeoutMs: TIMEOUT_MS });
  return stdout.trim().slice(0, LONGEST);
}

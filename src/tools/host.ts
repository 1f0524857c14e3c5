import type { Runner } from '../system/programs/runner.ts';

const TIMEOUT_MS = 5_000;
/** Longest answer of `uname -m` that can be a name. */
const LONGEST = 40;

/** Returns the machine's architecture as `uname -m` prints it, e.g. `arm64`. Nothing else is asked about the host, so tests can answer it. */
export async function hostArchitecture(runner: Runner): Promise<string> {
  const { stdout } = await runner.check({ program: 'uname', args: ['-m'], timeoutMs: TIMEOUT_MS });
  return stdout.trim().slice(0, LONGEST);
}

export interface HostSize {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** Returns the size of this Mac; undefined if it cannot be found out. */
export async function hostSize(runner: Runner): Promise<HostSize | undefined> {
  if (runner.which('sysctl') === undefined) return undefined;
  const { code, stdout } = await runner.run({ program: 'sysctl', args: ['-n', 'hw.ncpu', 'hw.memsize'], timeoutMs: TIMEOUT_MS });
  const [, cpus, memoryBytes] = /^(\d{1,5})\n(\d{1,18})\n?$/.exec(stdout) ?? [];
  return code !== 0 || cpus === undefined || memoryBytes === undefined
    ? undefined
    : { cpus: Number(cpus), memoryBytes: Number(memoryBytes) };
}

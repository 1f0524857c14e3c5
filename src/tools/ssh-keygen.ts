import type { Runner } from '../system/runner.ts';

const TIMEOUT_MS = 30_000;

export interface SshKeygen {
  /** Makes an ed25519 pair without a passphrase at `path` and `path.pub`. Throws ToolError. */
  generate(path: string, comment: string): Promise<void>;
  /** The public half of a private key without a passphrase. Throws ToolError. */
  publicHalf(path: string): Promise<string>;
}

export function createSshKeygen(runner: Runner): SshKeygen {
  const run = (...args: string[]) => runner.check({ program: 'ssh-keygen', args, timeoutMs: TIMEOUT_MS });
  return {
    async generate(path, comment) {
      await run('-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path);
    },
    async publicHalf(path) {
      return (await run('-y', '-P', '', '-f', path)).stdout.trim();
    },
  };
}

import { RustaError } from '../errors.ts';
import type { Runner } from '../system/programs/runner.ts';

const TIMEOUT_MS = 30_000;
/** Type, key in base64, and perhaps a comment. */
const PUBLIC_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]{16,}={0,2}( [^\n]*)?$/;

export interface SshKeygen {
  /** Makes an ed25519 pair without a passphrase at `path` and `path.pub`. Throws ToolError. */
  generate(path: string, comment: string): Promise<void>;
  /** The public half of a private key without a passphrase. Throws RustaError. */
  publicHalf(path: string): Promise<string>;
}

export function createSshKeygen(runner: Runner): SshKeygen {
  const run = (...args: string[]) => runner.check({ program: 'ssh-keygen', args, timeoutMs: TIMEOUT_MS });
  return {
    async generate(path, comment) {
      await run('-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path);
    },
    async publicHalf(path) {
      const key = (await run('-y', '-P', '', '-f', path)).stdout.trim();
      if (PUBLIC_KEY.test(key)) return key;
      throw new RustaError('program_failed', `'ssh-keygen -y' exited with 0, but printed no public key for ${path}`);
    },
  };
}

import { RustaError } from '../../errors.ts';
import { succeeded } from '../../system/programs/command.ts';
import type { Runner } from '../../system/programs/runner.ts';
import { firstLine } from '../../text/lines.ts';
import { quote } from '../../text/shell.ts';

const TIMEOUT_MS = 30_000;
/** Milliseconds: an agent that is only asked for its list answers at once, or not at all. */
const AGENT_TIMEOUT_MS = 5_000;
/** A key type, the key in base64, and perhaps a comment. */
const PUBLIC_KEY = /^[a-z0-9@.-]+ [A-Za-z0-9+/]{16,}={0,2}( [^\n]*)?$/;

export interface SshKeygen {
  /** Makes an ed25519 pair without a passphrase at `path` and `path.pub`. Throws ToolError. */
  generate(path: string, comment: string): Promise<void>;
  /** Returns the public half of a private key without a passphrase. Throws RustaError. */
  publicHalf(path: string): Promise<string>;
  /** Tells whether a private key can be used without its passphrase. */
  opensUnasked(path: string): Promise<boolean>;
  /** Tells whether the user's ssh agent holds this key, given as a line of a `.pub` file. */
  agentHolds(publicKey: string): Promise<boolean>;
}

export function createSshKeygen(runner: Runner): SshKeygen {
  const run = (...args: string[]) => runner.check({ program: 'ssh-keygen', args, timeoutMs: TIMEOUT_MS });
  const readPublicHalf = (path: string) => runner.run({ program: 'ssh-keygen', args: ['-y', '-P', '', '-f', path], timeoutMs: TIMEOUT_MS });
  return {
    async generate(path, comment) {
      await run('-q', '-t', 'ed25519', '-N', '', '-C', comment, '-f', path);
    },
    async publicHalf(path) {
      const finished = await readPublicHalf(path);
      if (!succeeded(finished)) {
        const reason = finished.timedOut ? 'it did not end in time' : (firstLine(finished.stderr) ?? `exit code ${finished.code}`);
        throw new RustaError('key_unusable', `'ssh-keygen -y' could not make the public half of ${path}: ${reason}`, {
          hint: `If the key has a passphrase, make it yourself: ssh-keygen -y -f ${quote(path)} > ${quote(`${path}.pub`)}`,
        });
      }
      const key = finished.stdout.trim();
      if (PUBLIC_KEY.test(key)) return key;
      throw new RustaError('program_failed', `'ssh-keygen -y' exited with 0, but printed no public key for ${path}`);
    },
    async opensUnasked(path) {
      return succeeded(await readPublicHalf(path));
    },
    async agentHolds(publicKey) {
      if (runner.which('ssh-add') === undefined) return false;
      const { stdout } = await runner.run({ program: 'ssh-add', args: ['-L'], timeoutMs: AGENT_TIMEOUT_MS });
      return stdout.split('\n').some((line) => withoutComment(line) === withoutComment(publicKey));
    },
  };
}

/** Returns type and key: the comment is the agent's own. */
function withoutComment(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(' ');
}

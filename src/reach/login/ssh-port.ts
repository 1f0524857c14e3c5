import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';

const DEFAULT_PORT = 22;

/** Returns the port of the guests' SSH server. Throws RustaError for a RUSTA_SSH_PORT that is not a port. */
export function sshPort(env: App['env']): number {
  const text = env['RUSTA_SSH_PORT'];
  if (text === undefined || text === '') return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new RustaError('environment_invalid', `RUSTA_SSH_PORT is '${text}', not a port number`);
}

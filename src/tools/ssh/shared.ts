import { pathValue } from '../../state/ssh/config.ts';
import { pathExists, removeFile } from '../../system/files/files.ts';
import type { Runner } from '../../system/programs/runner.ts';
import { asArguments, type SshOption } from './options.ts';

/** Milliseconds within which a server that answers opens a session. */
const ANSWER_MS = 2_500;
const CONTROL_MS = 2_000;

/** Makes ssh use the open connection and no other way, and ask nobody. */
const ONLY_SHARED: readonly SshOption[] = [
  ['ControlMaster', 'no'],
  ['ProxyCommand', 'false'],
  ['BatchMode', 'yes'],
  ['LogLevel', 'QUIET'],
];

/**
 * Takes a shared connection out of use if its server does not answer, and leaves its running sessions alone. A command that does nothing
 * finds that out, because a session that hangs would not let go of the streams that it was given.
 */
export async function replaceIfHanging(runner: Runner, socket: string): Promise<void> {
  if (!pathExists(socket)) return;
  const args = [...at(socket), ...asArguments(ONLY_SHARED), '-T', '--', 'guest', 'true'];
  const { timedOut } = await runner.run({ program: 'ssh', args, timeoutMs: ANSWER_MS });
  if (timedOut) await controlShared(runner, socket, 'stop');
}

/** Makes a shared connection take no more commands, or end with all that runs over it; its socket is gone then. Does nothing if none is open. */
export async function controlShared(runner: Runner, socket: string, request: 'stop' | 'exit'): Promise<void> {
  await runner.run({ program: 'ssh', args: [...at(socket), '-O', request, '--', 'guest'], timeoutMs: CONTROL_MS });
  removeFile(socket);
}

/** Returns the options for a shared connection; no settings of the user are read. */
function at(socket: string): string[] {
  return ['-F', 'none', ...asArguments([['ControlPath', pathValue(socket)]])];
}

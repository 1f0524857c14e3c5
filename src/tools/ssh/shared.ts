import { pathValue } from '../../state/ssh/config.ts';
import { pathExists, removeFile } from '../../system/files/files.ts';
import type { Runner } from '../../system/programs/runner.ts';
import { asArguments, type SshOption } from './options.ts';

/** A server that is there opens a session at once. Milliseconds. */
const ANSWER_MS = 2_500;
const CONTROL_MS = 2_000;

/** No other way than the open connection is tried, and nobody is asked. */
const ONLY_SHARED: readonly SshOption[] = [
  ['ControlMaster', 'no'],
  ['ProxyCommand', 'false'],
  ['BatchMode', 'yes'],
  ['LogLevel', 'QUIET'],
];

/**
 * Takes a shared connection out of use whose server does not answer, and leaves what goes on over it alone. Asked by a command that does nothing:
 * a session that hangs would not let go of the streams that it was given.
 */
export async function replaceIfHanging(runner: Runner, socket: string): Promise<void> {
  if (!pathExists(socket)) return;
  const args = [...at(socket), ...asArguments(ONLY_SHARED), '-T', '--', 'guest', 'true'];
  const { timedOut } = await runner.run({ program: 'ssh', args, timeoutMs: ANSWER_MS });
  if (timedOut) await controlShared(runner, socket, 'stop');
}

/** Lets a shared connection take no more commands, or end with all that goes on over it; its socket is gone then. Nobody need be there. */
export async function controlShared(runner: Runner, socket: string, request: 'stop' | 'exit'): Promise<void> {
  await runner.run({ program: 'ssh', args: [...at(socket), '-O', request, '--', 'guest'], timeoutMs: CONTROL_MS });
  removeFile(socket);
}

/** No settings of the user's are read. */
function at(socket: string): string[] {
  return ['-F', 'none', ...asArguments([['ControlPath', pathValue(socket)]])];
}

import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { bringUp } from '../lifecycle/up.ts';
import { asWord } from '../text/shell.ts';
import { SSHPASS } from '../tools/homebrew/brew.ts';
import { SSH_FAILED } from '../tools/ssh/log.ts';
import { remoteCommand, type SshCaptured, type SshEnded, type SshTarget, WRONG_PASSWORD } from '../tools/ssh/ssh.ts';
import { requireRunning, resolveWithAddress } from '../vm/address/address.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { sharedConnection } from '../vm/names/shared-connection.ts';
import { findLogin } from './login/target.ts';
import { isKeyRefused, loginTrouble } from './login/trouble.ts';

export interface SshRequest {
  readonly vm: string | undefined;
  /** The words after `--`. */
  readonly passthrough: readonly string[];
  readonly autoUp: boolean;
  readonly login: LoginFlags;
}

/** Opens a session or runs one command on the VM (spec 4.9), and resolves with the remote exit code. */
export async function runSsh(app: App, { vm: name, passthrough, autoUp, login: flags }: SshRequest): Promise<number> {
  const { vm, firstAnswer } = await resolveWithAddress(app, name);
  if (!autoUp) requireRunning(vm);
  await app.brew.ensure(SSHPASS);
  if (vm.status !== 'running') await bringUp(app, vm.name);
  const login = await findLogin(app, { vm: vm.name, flags, firstAnswer });
  const terminal = app.stdio.isTerminal(0) && app.stdio.isTerminal(1);
  const command = remoteCommand(passthrough);
  const start = (target: SshTarget): Promise<SshEnded | SshCaptured> => {
    if (app.out.json && command !== undefined) return app.ssh.capture(target, command);
    const shared = command === undefined ? undefined : sharedConnection(app, vm.name, target);
    return app.ssh.interactive(target, { command, terminal, shared });
  };
  const ended = await login.through(
    start,
    (result) => !result.authenticated && isKeyRefused({ ...result, stderr: result.lines.join('\n') }),
  );
  refuseFailure(app, vm.name, login.target, ended);
  if ('stdout' in ended) app.out.result({ vm: vm.name, exit_code: ended.code, stdout: ended.stdout, stderr: ended.stderr });
  return ended.code;
}

/** Throws RustaError with ssh's exit code if ssh itself failed, but not for a remote command that exits with the same code. */
function refuseFailure(app: App, vm: string, { address, user }: SshTarget, { code, authenticated, commandEnded, lines }: SshEnded): void {
  const failure = (kind: 'connection_failed' | 'login_refused', message: string, hint: string | undefined) =>
    new RustaError(kind, message, { hint, exitCode: code });
  const sayLines = () => {
    for (const line of lines) app.out.notice(line);
  };
  if (authenticated && (commandEnded || code !== SSH_FAILED)) {
    sayLines();
  } else if (authenticated) {
    const reason = lines.at(-1);
    throw failure(
      'connection_failed',
      `the connection to VM '${vm}' (${address}) broke${reason === undefined ? '' : `: ${reason}`}`,
      `Is it still running? 'rusta list' tells.`,
    );
  } else if (code === WRONG_PASSWORD) {
    sayLines();
    throw failure(
      'login_refused',
      `VM '${vm}' refused the password of user '${user}'`,
      `Name the right ones: rusta ssh ${asWord(vm)} --user <username> --password <password>`,
    );
  } else if (code === SSH_FAILED) {
    const { message, hint } = loginTrouble(vm, address, lines);
    throw failure('connection_failed', message, hint);
  }
}

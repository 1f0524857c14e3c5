import type { App } from '../app.ts';
import { bringUp } from '../lifecycle/up.ts';
import { SSHPASS } from '../tools/brew.ts';
import { remoteCommand, type SshEnded, type SshTarget, WRONG_PASSWORD } from '../tools/ssh.ts';
import { SSH_FAILED } from '../tools/ssh-log.ts';
import { requireRunning, resolveWithAddress } from '../vm/address.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { isKeyRefused, loginTrouble } from './login-trouble.ts';
import { findLogin } from './target.ts';

export interface SshRequest {
  readonly vm: string | undefined;
  /** What follows `--`. */
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
  const start = (target: SshTarget) => app.ssh.interactive(target, { command: remoteCommand(passthrough), terminal });
  const ended = await login.through(
    start,
    (result) => !result.authenticated && isKeyRefused({ ...result, stderr: result.lines.join('\n') }),
  );
  explain(app, vm.name, login.target, ended);
  return ended.code;
}

/** Says why ssh failed; a remote command that exits with ssh's own codes is none of that. */
function explain(app: App, vm: string, { address, user }: SshTarget, { code, authenticated, commandEnded, lines }: SshEnded): void {
  if (authenticated && (commandEnded || code !== SSH_FAILED)) {
    for (const line of lines) app.out.notice(line);
  } else if (authenticated) {
    const reason = lines.at(-1);
    app.out.error(
      `the connection to VM '${vm}' (${address}) broke${reason === undefined ? '' : `: ${reason}`}`,
      `Is it still running? 'rusta list' tells.`,
    );
  } else if (code === WRONG_PASSWORD) {
    for (const line of lines) app.out.notice(line);
    app.out.error(
      `VM '${vm}' refused the password of user '${user}'`,
      `Name the right ones: rusta ssh ${vm} --user <username> --password <password>`,
    );
  } else if (code === SSH_FAILED) {
    const { message, hint } = loginTrouble(vm, address, lines);
    app.out.error(message, hint);
  }
}

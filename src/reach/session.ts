import type { App } from '../app.ts';
import { bringUp, type UpContext } from '../lifecycle/up.ts';
import { lastLines } from '../text/lines.ts';
import { remoteCommand, SSH_FAILED, type SshTarget, WRONG_PASSWORD } from '../tools/ssh.ts';
import { requireRunning } from '../vm/address.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { resolveVm } from '../vm/resolve.ts';
import { findTarget, type TargetContext } from './target.ts';

export type SshContext = UpContext & TargetContext & Pick<App, 'stdio'>;

export interface SessionRequest {
  readonly vm: string | undefined;
  /** What follows `--`. */
  readonly words: readonly string[];
  readonly autoUp: boolean;
  readonly login: LoginFlags;
}

const PROBE_MS = 20_000;

/** Spec 4.9: a session or one command on the VM; resolves with the remote exit code. */
export async function openSession(app: SshContext, { vm: name, words, autoUp, login }: SessionRequest): Promise<number> {
  const vm = await resolveVm(app, name);
  if (autoUp && vm.status !== 'running') await bringUp(app, vm.name, undefined);
  else requireRunning(vm);
  const target = await findTarget(app, vm.name, login);
  const terminal = app.stdio.isTerminal(0) && app.stdio.isTerminal(1);
  const code = await app.ssh.session(target, { command: remoteCommand(words), terminal });
  if (code === WRONG_PASSWORD || code === SSH_FAILED) await explain(app, vm.name, target, code);
  return code;
}

/** A remote command may end with ssh's own codes: only a second look tells whose they are. */
async function explain(app: SshContext, vm: string, target: SshTarget, code: number): Promise<void> {
  const probe = await app.ssh.run(target, 'true', { timeoutMs: PROBE_MS });
  if (probe.code === WRONG_PASSWORD && code === WRONG_PASSWORD) {
    app.out.error(
      `VM '${vm}' refused the password of user '${target.user}'`,
      `Name the right ones: rusta ssh ${vm} --user <username> --password <password>`,
    );
  } else if (probe.code === SSH_FAILED || probe.timedOut) {
    const [reason] = lastLines(probe.stderr, 1);
    app.out.error(
      `the connection to VM '${vm}' (${target.address}) failed${reason ? `: ${reason}` : ''}`,
      `Is it still running? 'rusta list' tells; 'rusta ssh ${vm} --verbose' shows more.`,
    );
  }
}

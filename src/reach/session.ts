import type { App } from '../app.ts';
import { bringUp } from '../lifecycle/up.ts';
import { lastLines } from '../text/lines.ts';
import { remoteCommand, SSH_FAILED, type SshTarget, WRONG_PASSWORD } from '../tools/ssh.ts';
import { requireRunning } from '../vm/address.ts';
import type { LoginFlags } from '../vm/credentials.ts';
import { resolveOrAskVm } from '../vm/resolve.ts';
import { localNetworkHint } from './local-network.ts';
import { awaitTarget } from './target.ts';

export interface SshRequest {
  readonly vm: string | undefined;
  /** What follows `--`. */
  readonly passthrough: readonly string[];
  readonly autoUp: boolean;
  readonly login: LoginFlags;
}

const PROBE_MS = 20_000;

/** Opens a session or runs one command on the VM (spec 4.9), and resolves with the remote exit code. */
export async function runSsh(app: App, { vm: name, passthrough, autoUp, login }: SshRequest): Promise<number> {
  const vm = await resolveOrAskVm(app, name);
  if (autoUp && vm.status !== 'running') await bringUp(app, vm.name, undefined);
  else requireRunning(vm);
  const target = await awaitTarget(app, vm.name, login);
  const terminal = app.stdio.isTerminal(0) && app.stdio.isTerminal(1);
  const code = await app.ssh.interactive(target, { command: remoteCommand(passthrough), terminal });
  if (code === WRONG_PASSWORD || code === SSH_FAILED) await explain(app, vm.name, target, code);
  return code;
}

/** A remote command may exit with ssh's own codes: only a second login tells whose they are. */
async function explain(app: App, vm: string, target: SshTarget, code: number): Promise<void> {
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
      localNetworkHint(probe.stderr) ?? `Is it still running? 'rusta list' tells; 'rusta ssh ${vm} --verbose' shows more.`,
    );
  }
}

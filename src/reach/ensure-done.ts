import { RustaError } from '../errors.ts';
import { succeeded } from '../system/programs/command.ts';
import { firstLine } from '../text/lines.ts';
import { type SshFinished, type SshTarget, WRONG_PASSWORD } from '../tools/ssh/ssh.ts';
import { isKeyRefused, loginTrouble } from './login/trouble.ts';

/** Lines that ssh-copy-id and ssh print whether they fail or not. */
const NOISE = /: INFO: |^Warning: /;

/** Something done in the guest over ssh. */
export interface RemoteTask {
  /** Completes the sentence `could not <what> in VM`. */
  readonly what: string;
  /** The program that sshpass starts for it. */
  readonly program: 'ssh' | 'scp' | 'ssh-copy-id';
}

/** Throws RustaError for a task that failed: with the program's message, or for a failed login with what to do about it. */
export function ensureDone(vm: string, target: SshTarget, { what, program }: RemoteTask, result: SshFinished): void {
  if (succeeded(result)) return;
  if (result.code === WRONG_PASSWORD) {
    throw new RustaError('login_refused', `VM '${vm}' refused the password of user '${target.user}'`, {
      hint: 'Name the right ones with --user and --password.',
    });
  }
  const line = firstLine(result.stderr, NOISE);
  const ending = result.timedOut ? 'did not end in time' : `failed (exit ${result.code})${line === undefined ? '' : `: ${line}`}`;
  const message = `could not ${what} in VM '${vm}': 'sshpass ${program}' ${ending}`;
  const isLogin =
    result.refused !== undefined || isKeyRefused(result) || /bad configuration option|Bad owner or permissions/i.test(result.stderr);
  throw new RustaError('copy_failed', message, {
    hint: isLogin ? loginTrouble(vm, target.address, result.stderr.split('\n')).hint : undefined,
  });
}

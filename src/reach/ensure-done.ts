import { RustaError } from '../errors.ts';
import { succeeded } from '../system/programs/command.ts';
import { firstLine } from '../text/lines.ts';
import { asWord } from '../text/shell.ts';
import { type SshFinished, type SshTarget, WRONG_PASSWORD } from '../tools/ssh/ssh.ts';
import { isKeyRefused, loginTrouble, refusalHint } from './login/trouble.ts';

/** Lines that ssh-copy-id and ssh print whether they fail or not. */
const NOISE = /: INFO: |^Warning: /;

/** What stands in the way behind the login. `<vm>` and `<user>` stand for the names. */
const IN_THE_GUEST: readonly { readonly pattern: RegExp; readonly hint: string }[] = [
  {
    // The first bytes of any text, read as a length.
    pattern: /Received message too long/,
    hint: 'The guest prints something at each login, which scp cannot tell from an answer: let ~/.bashrc there be silent where it is not interactive.',
  },
  {
    // SFTP has no word for a full disk.
    pattern: /No space left|Disk quota exceeded|: Failure$/m,
    hint: "Its disk may be full: 'rusta ssh <vm> -- df -h' tells.",
  },
  {
    pattern: /Operation not permitted|Permission denied$/m,
    hint: "It may belong to root there: rusta ssh <vm> -- 'sudo chown -R <user>: ~/.ssh'",
  },
];

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
  const isLogin = result.refused !== undefined || isKeyRefused(result);
  throw new RustaError('copy_failed', message, {
    hint: isLogin
      ? loginTrouble(vm, target.address, result.stderr.split('\n')).hint
      : (refusalHint(vm, result.stderr) ?? guestHint(vm, target, result)),
  });
}

function guestHint(vm: string, { user }: SshTarget, { stderr }: SshFinished): string | undefined {
  const known = IN_THE_GUEST.find(({ pattern }) => pattern.test(stderr));
  return known?.hint.replaceAll('<vm>', asWord(vm)).replaceAll('<user>', user);
}

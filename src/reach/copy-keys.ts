import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { FolderEntry } from '../system/files/folders.ts';
import type { Finished } from '../system/programs/command.ts';
import { firstLine } from '../text/lines.ts';
import { quote } from '../text/shell.ts';
import { fileNames, type SshTarget, WRONG_PASSWORD } from '../tools/ssh.ts';

export type KeysContext = Pick<App, 'ssh' | 'sshFiles' | 'out'>;

/** Spec 4.10: private and public keys, and certificates. */
const WANTED = /^id_.|\.pem$/;
const REMOTE_MS = 60_000;
/** What ssh-copy-id and ssh say whether they fail or not. */
const NOISE = /: INFO: |^Warning: /;

interface Errand {
  /** `could not <what> in VM` */
  readonly what: string;
  /** What sshpass starts for it. */
  readonly program: 'ssh' | 'scp' | 'ssh-copy-id';
}

/** The files that `ssh-copy` takes, by path. Names what it leaves out. Throws RustaError without `~/.ssh`. */
export function collectKeys(app: KeysContext): string[] {
  const entries = app.sshFiles.entries();
  if (entries === undefined) throw new RustaError(`${app.sshFiles.folder} does not exist, there are no keys to copy`);
  const wanted = entries.filter(({ name }) => WANTED.test(name));
  for (const entry of wanted) warnAboutOdd(app, entry);
  return wanted.filter(({ kind }) => kind === 'file').map(({ path }) => path);
}

function warnAboutOdd(app: KeysContext, { name, kind }: FolderEntry): void {
  if (kind === 'other') app.out.warn(`leaving out ${name}: it is not a file`);
  if (kind === 'unreadable') app.out.warn(`leaving out ${name}: it cannot be read`);
}

/** Copies the files into the guest's `~/.ssh` and sets their permissions, and nobody else's. Throws RustaError. */
export async function copyKeys(app: KeysContext, vm: string, target: SshTarget, files: readonly string[]): Promise<void> {
  const names = fileNames(files);
  app.out.step(`Copying ${names}`);
  const run = (command: string) => app.ssh.run(target, command, { timeoutMs: REMOTE_MS });
  ensureDone(vm, target, { what: 'make ~/.ssh', program: 'ssh' }, await run('mkdir -p ~/.ssh && chmod 700 ~/.ssh'));
  ensureDone(vm, target, { what: 'copy the files', program: 'scp' }, await app.ssh.copy(target, files, '.ssh'));
  ensureDone(vm, target, { what: 'set their permissions', program: 'ssh' }, await run(permissions(files)));
  app.out.ok(`SSH configuration copied to VM '${vm}': ${names}`);
}

/** Spec 4.10: public keys 644, all else 600. */
function permissions(files: readonly string[]): string {
  const chmod = (mode: string, paths: readonly string[]) =>
    paths.length === 0 ? [] : [`chmod ${mode} -- ${paths.map((path) => quote(path.slice(path.lastIndexOf('/') + 1))).join(' ')}`];
  const isPublic = (path: string) => path.endsWith('.pub');
  const steps = [
    ...chmod('644', files.filter(isPublic)),
    ...chmod(
      '600',
      files.filter((path) => !isPublic(path)),
    ),
  ];
  return ['cd ~/.ssh', ...steps, 'chmod 700 ~/.ssh'].join(' && ');
}

/** Throws RustaError with what the program said, and what to do about a refused password. */
export function ensureDone(vm: string, target: SshTarget, { what, program }: Errand, { code, timedOut, stderr }: Finished): void {
  if (code === 0 && !timedOut) return;
  if (code === WRONG_PASSWORD) {
    throw new RustaError(`VM '${vm}' refused the password of user '${target.user}'`, {
      hint: 'Name the right ones with --user and --password.',
    });
  }
  const line = firstLine(stderr, NOISE);
  const ending = timedOut ? 'did not end in time' : `failed (exit ${code})${line === undefined ? '' : `: ${line}`}`;
  throw new RustaError(`could not ${what} in VM '${vm}': 'sshpass ${program}' ${ending}`);
}

import { basename } from 'node:path';
import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import type { FolderEntry } from '../system/files/folders.ts';
import { quote } from '../text/shell.ts';
import type { SshTarget } from '../tools/ssh.ts';
import { ensureDone } from './ensure-done.ts';

export type KeysContext = Pick<App, 'ssh' | 'sshFiles' | 'out'>;

/** Private and public keys, and certificates. (spec 4.10) */
const WANTED = /^id_.|\.pem$/;
const REMOTE_MS = 60_000;

/** Returns the paths of the files that `ssh-copy` takes, and names those that it leaves out. Throws RustaError without `~/.ssh`. */
export function collectKeys(app: KeysContext): string[] {
  const entries = app.sshFiles.entries();
  if (entries === undefined) throw new RustaError('nothing_to_read', `${app.sshFiles.folder} does not exist, there are no keys to copy`);
  const wanted = entries.filter(({ name }) => WANTED.test(name));
  for (const entry of wanted) warnAboutOdd(app, entry);
  return wanted.filter(({ kind }) => kind === 'file').map(({ path }) => path);
}

function warnAboutOdd(app: KeysContext, { name, kind }: FolderEntry): void {
  if (kind === 'other') app.out.warn(`leaving out ${name}: it is not a file`);
  if (kind === 'unreadable') app.out.warn(`leaving out ${name}: it cannot be read`);
}

/** Copies the files into the guest's `~/.ssh` and sets their permissions, and no others. Throws RustaError. */
export async function copyKeys(app: KeysContext, vm: string, target: SshTarget, files: readonly string[]): Promise<void> {
  // Names are shown, never contents.
  const names = files.map((file) => basename(file)).join(', ');
  app.out.step(`Copying ${names}`);
  const run = (command: string) => app.ssh.run(target, command, { timeoutMs: REMOTE_MS });
  ensureDone(vm, target, { what: 'make ~/.ssh', program: 'ssh' }, await run('mkdir -p ~/.ssh && chmod 700 ~/.ssh'));
  ensureDone(vm, target, { what: 'copy the files', program: 'scp' }, await app.ssh.copy(target, files, '.ssh'));
  ensureDone(vm, target, { what: 'set their permissions', program: 'ssh' }, await run(permissions(files)));
  app.out.ok(`SSH configuration copied to VM '${vm}': ${names}`);
}

/** Public keys 644, all else 600. (spec 4.10) */
function permissions(files: readonly string[]): string {
  const chmod = (mode: string, paths: readonly string[]) =>
    paths.length === 0 ? [] : [`chmod ${mode} -- ${paths.map((path) => quote(basename(path))).join(' ')}`];
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

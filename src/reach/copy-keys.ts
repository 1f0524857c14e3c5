import { basename } from 'node:path';
import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { keysScript } from '../guest/keys-script.ts';
import type { FolderEntry } from '../system/files/folders.ts';
import { succeeded } from '../system/programs/command.ts';
import { ensureDone } from './ensure-done.ts';
import type { Login } from './login/login.ts';
import { isKeyRefused } from './login/trouble.ts';

export type KeysContext = Pick<App, 'ssh' | 'sshFiles' | 'out' | 'progress'>;

/** The names of private keys, public keys and certificates. (spec 4.10) */
const WANTED = /^id_.|\.pem$/;
const REMOTE_MS = 60_000;
const CLEAN_UP_MS = 15_000;

/** Returns the paths of the files that `ssh-copy` takes, and prints the names of those that it leaves out. Throws RustaError without `~/.ssh`. */
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

/**
 * Copies the files into the guest's `~/.ssh` and sets their permissions: all of them or none, whenever the connection is lost, and even
 * over files that are write-protected. Keeps another file of that name beside the new one. Throws RustaError.
 */
export async function copyKeys(app: KeysContext, vm: string, login: Login, files: readonly string[]): Promise<void> {
  // Prints names, never contents.
  const names = files.map((file) => basename(file));
  app.progress.step(`Copying ${names.join(', ')}`);
  const folder = `.ssh/.rusta-copy-${crypto.randomUUID().slice(0, 8)}`;
  const run = (command: string, more: { readonly input?: string } = {}) =>
    login.through(
      (target) => app.ssh.run(target, command, { timeoutMs: REMOTE_MS, ...more }),
      (result) => !result.authenticated && isKeyRefused(result),
    );
  ensureDone(vm, login.target, { what: 'make ~/.ssh', program: 'ssh' }, await run(makeFolder(folder)));
  const copied = await login.through((target) => app.ssh.copy(target, files, folder));
  // No partial copy of private keys may stay in the guest. If it cannot be reached now, the next run removes it.
  if (!succeeded(copied)) await app.ssh.run(login.target, `rm -rf ~/${folder}`, { timeoutMs: CLEAN_UP_MS });
  ensureDone(vm, login.target, { what: 'copy the files', program: 'scp' }, copied);
  const moved = await run('bash -s', { input: keysScript(folder, names) });
  ensureDone(vm, login.target, { what: 'put the files in place', program: 'ssh' }, moved);
  for (const [, name, kept] of moved.stdout.matchAll(/^kept (\S.*) as (\S.*)$/gm)) {
    app.out.warn(`the guest had another ${name} of its own: it is kept as ${kept}`);
  }
  app.progress.ok(`SSH configuration copied to VM '${vm}': ${names.join(', ')}`);
}

/** Returns the command that makes a folder for this run alone. It also removes those of earlier runs that lost their connection. */
function makeFolder(folder: string): string {
  const removeLeftovers = "find ~/.ssh -maxdepth 1 -name '.rusta-copy-*' -mmin +60 -exec rm -rf {} +";
  return ['cd ~', 'mkdir -p ~/.ssh', 'chmod 700 ~/.ssh', removeLeftovers, `mkdir -m 700 ${folder}`].join(' && ');
}

import { dirname, join } from 'node:path';
import type { App } from '../app.ts';
import { RustaError } from '../errors.ts';
import { makePrivateFolder, moveFile, readIfExists, removeFolder, writeWhole } from '../system/files/files.ts';
import { sweepFolders } from '../system/files/leftovers.ts';
import { tighten } from '../system/files/private-files.ts';
import type { SshTarget } from '../tools/ssh.ts';
import { ensureDone } from './copy-keys.ts';

export type IdentityContext = Pick<App, 'sshFiles' | 'sshKeygen' | 'ssh' | 'out'>;

/** Makes `~/.ssh/id_ed25519` if it is missing (spec 4.11); whole or not at all, whenever it is killed. */
export async function ensureIdentity(app: IdentityContext): Promise<void> {
  const { identity } = app.sshFiles;
  const publicFile = `${identity}.pub`;
  app.sshFiles.ensureFolder();
  await app.sshFiles.exclusively(() => makeIdentity(app, identity, publicFile));
}

/** How the folders begin in which pairs are made. */
const halfMade = (identity: string) => join(dirname(identity), '.rusta-');

/** Another rusta may have made it, or half of it, until the lock was ours: halves of two pairs would be worse than none. */
async function makeIdentity(app: IdentityContext, identity: string, publicFile: string): Promise<void> {
  sweepFolders(halfMade(identity));
  if (readIfExists(identity) !== undefined) {
    // ssh does not use a key that others may read.
    if (tighten(identity, 0o600)) app.out.notice(`${identity} could be read by others: it is private now`);
    if (readIfExists(publicFile) !== undefined) return;
    app.out.step(`Writing ${publicFile}`);
    writeWhole(publicFile, `${await app.sshKeygen.publicHalf(identity)}\n`, 0o644);
    return;
  }
  if (readIfExists(publicFile) !== undefined) {
    throw new RustaError(`${publicFile} exists without its private half`, {
      hint: 'Move it away, then try again: a new pair would replace it.',
    });
  }
  app.out.step(`Generating ${identity}`);
  const folder = makePrivateFolder(halfMade(identity));
  try {
    const fresh = join(folder, 'id_ed25519');
    await app.sshKeygen.generate(fresh, 'rusta');
    if (readIfExists(fresh) === undefined || readIfExists(`${fresh}.pub`) === undefined) {
      throw new RustaError("'ssh-keygen' ended well, but made no key", {
        hint: `Make one yourself: ssh-keygen -t ed25519 -N '' -f ${identity}`,
      });
    }
    // The private half first: with it alone, the next run can make the other.
    moveFile(fresh, identity);
    moveFile(`${fresh}.pub`, publicFile);
  } finally {
    removeFolder(folder);
  }
}

/** Lets the guest know our public key, once. Throws RustaError. */
export async function installIdentity(app: IdentityContext, vm: string, target: SshTarget): Promise<void> {
  app.out.step(`Installing the public key in VM '${vm}'`);
  const finished = await app.ssh.installKey(target, `${app.sshFiles.identity}.pub`);
  ensureDone(vm, target, { what: 'install the public key', program: 'ssh-copy-id' }, finished);
}

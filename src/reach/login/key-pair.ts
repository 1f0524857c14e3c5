import { dirname, join } from 'node:path';
import type { App } from '../../app.ts';
import { RustaError } from '../../errors.ts';
import { outOfReach } from '../../state/out-of-reach.ts';
import { writeFileAtomic } from '../../system/files/atomic.ts';
import { brokenLink } from '../../system/files/broken-link.ts';
import { makePrivateFolder, moveFile, readIfExists, removeFolder } from '../../system/files/files.ts';
import { removeStaleFolders } from '../../system/files/leftovers.ts';
import { restrictMode } from '../../system/files/modes.ts';
import { succeeded } from '../../system/programs/command.ts';
import { quote } from '../../text/shell.ts';
import { ensureDone } from '../ensure-done.ts';
import type { Login } from './login.ts';

export type KeyPairContext = Pick<App, 'sshFiles' | 'sshKeygen' | 'ssh' | 'out' | 'progress'>;

interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/**
 * Makes `~/.ssh/id_ed25519` if it is missing (spec 4.11), whole or not at all, whenever rusta is killed. A link to a disk that is not
 * mounted does not count as missing (D28).
 */
export async function ensureKeyPair(app: KeyPairContext): Promise<void> {
  const { privateKey } = app.sshFiles;
  const pair: KeyPair = { privateKey, publicKey: `${privateKey}.pub` };
  for (const path of [privateKey, pair.publicKey]) {
    const broken = brokenLink(path);
    if (broken !== undefined) throw outOfReach(path, broken);
  }
  app.sshFiles.ensureFolder();
  // Looks under the lock, because another rusta may have made the pair meanwhile, or died half-way. Two halves must never be mixed.
  await app.sshFiles.exclusively(async () => {
    removeStaleFolders(workPrefix(pair));
    if (readIfExists(privateKey) !== undefined) await repairKeyPair(app, pair);
    else await makeKeyPair(app, pair);
  });
}

const LOOK_MS = 60_000;

/** Returns the prefix of the folders in which pairs are made. */
const workPrefix = ({ privateKey }: KeyPair) => join(dirname(privateKey), '.rusta-');

/** Makes the private key private, because ssh refuses one that others may read, and writes the public half if it is missing. */
async function repairKeyPair(app: KeyPairContext, { privateKey, publicKey }: KeyPair): Promise<void> {
  if (restrictMode(privateKey, 0o600)) app.out.notice(`${privateKey} could be read by others: it is private now`);
  if (readIfExists(publicKey) !== undefined) return;
  await app.progress.during(`Writing ${publicKey}`, async () => {
    writeFileAtomic(publicKey, `${await app.sshKeygen.publicHalf(privateKey)}\n`, 0o644);
  });
}

async function makeKeyPair(app: KeyPairContext, pair: KeyPair): Promise<void> {
  const { privateKey, publicKey } = pair;
  if (readIfExists(publicKey) !== undefined) {
    throw new RustaError('key_unusable', `${publicKey} exists without its private half`, {
      hint: 'Move it away, then try again: a new pair would replace it.',
    });
  }
  app.progress.step(`Generating ${privateKey}`);
  const folder = makePrivateFolder(workPrefix(pair));
  try {
    const newKey = join(folder, 'id_ed25519');
    await app.sshKeygen.generate(newKey, 'rusta');
    if (readIfExists(newKey) === undefined || readIfExists(`${newKey}.pub`) === undefined) {
      throw new RustaError('program_failed', "'ssh-keygen' exited with 0, but made no key", {
        hint: `Make one yourself: ssh-keygen -t ed25519 -N '' -f ${privateKey}`,
      });
    }
    // The private half goes first: from it alone the next run can make the public one.
    moveFile(newKey, privateKey);
    moveFile(`${newKey}.pub`, publicKey);
    app.progress.end('done');
  } finally {
    removeFolder(folder);
  }
}

/** Gives our public key to the guest, once; `usable` says that the key can be used without a question. Throws RustaError. */
export async function installPublicKey(app: KeyPairContext, vm: string, login: Login, usable: boolean): Promise<void> {
  const publicKey = `${app.sshFiles.privateKey}.pub`;
  // ssh-copy-id tries the key to find out whether the guest knows it, and would ask for its passphrase if it does.
  if (!usable && (await isKnown(app, login, publicKey))) return;
  await app.progress.during(`Installing the public key in VM '${vm}'`, async () => {
    const result = await login.through((target) => app.ssh.installKey(target, publicKey));
    ensureDone(vm, login.target, { what: 'install the public key', program: 'ssh-copy-id' }, result);
  });
}

async function isKnown(app: KeyPairContext, login: Login, publicKey: string): Promise<boolean> {
  const [, key = ''] = (readIfExists(publicKey) ?? '').split(/\s+/);
  if (key === '') return false;
  const look = `grep -qF -- ${quote(key)} ~/.ssh/authorized_keys`;
  return succeeded(await login.through((target) => app.ssh.run(target, look, { timeoutMs: LOOK_MS })));
}

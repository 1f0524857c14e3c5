import { dirname, join } from 'node:path';
import { RustaError } from '../../errors.ts';
import type { Clock } from '../../system/clock.ts';
import { whyNotReplaceable, writeFileAtomic } from '../../system/files/atomic.ts';
import { brokenLink } from '../../system/files/broken-link.ts';
import { ensureFolder, readIfExists } from '../../system/files/files.ts';
import { type FolderEntry, folderIdentity, listFolder } from '../../system/files/folders.ts';
import { acquireLock } from '../../system/files/lock.ts';
import { restrictMode } from '../../system/files/modes.ts';
import { outOfReach } from '../out-of-reach.ts';

/** The user's `~/.ssh`. */
export interface SshFiles {
  readonly folder: string;
  /** `~/.ssh/id_ed25519` */
  readonly privateKey: string;
  /** Returns what the folder holds; undefined if there is no such folder. */
  entries(): readonly FolderEntry[] | undefined;
  /** Makes the folder, 0700, if it is missing. */
  ensureFolder(): void;
  /** Returns `~/.ssh/config` with one character for each byte; empty if there is no such file. Throws RustaError if it cannot be read. */
  readConfig(): string;
  /** Returns why `~/.ssh/config` cannot be written, undefined where it can: home-manager and others keep it in a read-only place. */
  whyReadOnly(): string | undefined;
  /** Runs work that no other rusta may do in the folder at the same time. Throws RustaError. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Locks, reads, changes and replaces `~/.ssh/config` as a whole (0600); undefined changes nothing. Throws RustaError. */
  updateConfig(change: (config: string) => string | undefined): Promise<void>;
}

const LOCK_WAIT_MS = 10_000;
const MODE = 0o600;

export function createSshFiles(env: Readonly<Record<string, string>>, lockFile: string, clock: Clock): SshFiles {
  const folder = join(env['HOME'] ?? '', '.ssh');
  const config = join(folder, 'config');
  // latin1 keeps every byte, whatever encoding the user's comments are in.
  const read = () => {
    const text = readIfExists(config, 'latin1');
    const broken = text === undefined ? brokenLink(config) : undefined;
    // A link to a missing file is no obstacle while the folder of that file exists: the file can be made there.
    if (broken !== undefined && folderIdentity(dirname(broken.target)) === undefined) throw outOfReach(config, broken);
    return text ?? '';
  };
  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = await acquireLock(lockFile, clock, { purpose: 'ssh files', waitMs: LOCK_WAIT_MS });
    if ('heldBy' in result) throw new RustaError('busy', `${folder} is being changed by another rusta: ${result.heldBy}`);
    using _ = result.lock;
    return await work();
  };
  return {
    folder,
    privateKey: join(folder, 'id_ed25519'),
    entries() {
      const entries = listFolder(folder);
      const broken = entries === undefined ? brokenLink(folder) : undefined;
      if (broken !== undefined) throw outOfReach(folder, broken);
      return entries;
    },
    ensureFolder: () => ensureFolder(folder),
    readConfig: read,
    whyReadOnly: () => whyNotReplaceable(config),
    exclusively,
    updateConfig: (change) =>
      exclusively(async () => {
        const before = read();
        const after = change(before);
        if (after === undefined) return;
        // The text is right already, but the file may not be private (spec 4.11).
        if (after !== before) writeFileAtomic(config, Buffer.from(after, 'latin1'), MODE);
        else if (before !== '') restrictMode(config, MODE);
      }),
  };
}

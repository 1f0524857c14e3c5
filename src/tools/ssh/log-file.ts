import { FileError } from '../../system/file-error.ts';
import { readIfExists, removeFile } from '../../system/files/files.ts';
import { createPrivateTempFile } from '../../system/files/private-files.ts';

/**
 * Runs work with a file for ssh's own messages, which keeps them apart from those of the remote command. If none can be made, they go to
 * stderr as usual, and are not known.
 */
export async function withLog<T>(path: string, work: (log: string | undefined, read: () => string) => Promise<T>): Promise<T> {
  const log = createLog(path);
  try {
    return await work(log, () => (log === undefined ? '' : (readIfExists(log) ?? '')));
  } finally {
    if (log !== undefined) removeFile(log);
  }
}

function createLog(path: string): string | undefined {
  try {
    return createPrivateTempFile(path);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

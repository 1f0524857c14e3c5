import { chmodSync, fchmodSync, statSync } from 'node:fs';
import { attempt, errorCode } from '../errno.ts';

/** Errors of file systems that keep no modes, such as shares and memory cards. */
const HAS_NO_MODES: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']);

/** Gives a new file its mode, whatever the umask. The file was made no more open than that, so a refusal does no harm. */
export function setMode(fd: number, mode: number): void {
  try {
    fchmodSync(fd, mode);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** Takes away rights beyond `mode`, and returns true if there were any. Throws FileError for files of other users. */
export function restrictMode(path: string, mode: number): boolean {
  return attempt(path, 'written', () => {
    const now = statSync(path).mode & 0o777;
    if ((now & ~mode) === 0) return false;
    try {
      chmodSync(path, now & mode);
      return true;
    } catch (error) {
      if (HAS_NO_MODES.has(errorCode(error) ?? '')) return false;
      throw error;
    }
  });
}

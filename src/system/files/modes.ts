import { chmodSync, fchmodSync, statSync } from 'node:fs';
import { attempt, errorCode } from '../errno.ts';

/** What a file system says that keeps no modes, as shares and memory cards. */
const HAS_NO_MODES: ReadonlySet<string> = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL']);

/** Gives a file that was just made its mode whatever the umask. It was made no more open than that, so a refusal costs nothing. */
export function setMode(fd: number, mode: number): void {
  try {
    fchmodSync(fd, mode);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** Takes away the rights beyond `mode`; true if there were any. Throws FileError for what belongs to others. */
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

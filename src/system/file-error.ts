import { type ErrorDetails, RustaError } from '../errors.ts';

/** Plain words for the errno codes that users can do something about. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'the file would exceed the size limit',
  EISDIR: 'it is a folder',
  EFTYPE: 'it is not a regular file',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'something else is in its place',
  ELOOP: 'it is a link, or its path has too many',
};

const IN_THE_WAY: ReadonlySet<string> = new Set(['EISDIR', 'EFTYPE', 'ENOTDIR', 'EEXIST', 'ELOOP']);

/** A file or folder could not be read, written or removed. Made by `system` alone. */
export class FileError extends RustaError {
  override readonly name = 'FileError';
  /** The name of the errno, such as EACCES */
  readonly errno: string;

  constructor(path: string, action: 'read' | 'written' | 'made' | 'removed', errno: string, { cause, hint }: ErrorDetails = {}) {
    super('file_failed', `${path} cannot be ${action}: ${errno}${Object.hasOwn(REASONS, errno) ? ` (${REASONS[errno]})` : ''}`, {
      hint: hint ?? (IN_THE_WAY.has(errno) ? 'Move away what stands in its place, then try again.' : undefined),
      cause,
    });
    this.errno = errno;
  }
}

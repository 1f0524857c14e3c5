import { ReportedError } from '../errors.ts';
import { quote } from '../text/shell.ts';
import { FileError } from './file-error.ts';
import { brokenLink } from './files/broken-link.ts';
import { findLeftByRoot } from './files/left-by-root.ts';

/** Returns the errno name of an error, such as ENOENT; undefined for errors that are not the system's. */
export function errorCode(error: unknown): string | undefined {
  if (error instanceof ReportedError) return error instanceof FileError ? error.errno : undefined;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Tells whether an error of the system says that there is nothing at a path: nothing can be below a file, or at a path that is too long. */
export function saysAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error) ?? '');
}

/** Runs work on a file or folder. Throws FileError naming it where the system refuses. */
export function attempt<T>(path: string, what: ConstructorParameters<typeof FileError>[1], work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = errorCode(error);
    if (error instanceof ReportedError || code === undefined) throw error;
    throw new FileError(path, what, code, { cause: error, hint: hintFor(path, code) });
  }
}

function hintFor(path: string, errno: string): string | undefined {
  const broken = errno === 'EEXIST' || errno === 'ENOENT' ? brokenLink(path) : undefined;
  if (broken !== undefined) return `${broken.link} is a link to ${broken.target}, which is not there: is the disk mounted that it is on?`;
  const leftByRoot = errno === 'EACCES' || errno === 'EPERM' ? findLeftByRoot(path) : undefined;
  if (leftByRoot === undefined) return undefined;
  return `It belongs to root, as after a run with sudo. Take it back: sudo chown -R "$(id -un)" ${quote(leftByRoot)}`;
}

/** The errno name that macOS has for a file of the wrong type. */
export const NOT_A_FILE = 'EFTYPE';

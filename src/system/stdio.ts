import { writeSync } from 'node:fs';
import { FileError } from '../errors.ts';
import { errorCode } from './errno.ts';
import { loadLibc } from './libc.ts';

/** rusta's own standard streams. Cheap calls only: `process.stdout` objects cost milliseconds (docs/decisions.md, section 4). */
export interface Stdio {
  /** Writes everything; a reader that has gone (closed pipe or terminal) is not an error. Throws FileError for a full disk. */
  write(fd: 1 | 2, bytes: Uint8Array | string): void;
  isTerminal(fd: 0 | 1 | 2): boolean;
  /** Width of a terminal now, in cells; 80 where it does not say. Costly at first: only for what is redrawn. */
  columns(fd: 1 | 2): number;
}

/** A reader that is slow to drain a non-blocking pipe is asked again after this many milliseconds. */
const RETRY_MS = 2;
const DEFAULT_COLUMNS = 80;

export function createStdio(): Stdio {
  const libc = loadLibc();
  const gone = new Set<number>();
  const pause = new Int32Array(new SharedArrayBuffer(4));
  return {
    isTerminal: (fd) => libc.isatty(fd) === 1,
    columns: (fd) => (fd === 1 ? process.stdout : process.stderr).columns || DEFAULT_COLUMNS,
    write(fd, bytes) {
      let rest = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
      while (rest.byteLength > 0 && !gone.has(fd)) {
        try {
          rest = rest.subarray(writeSync(fd, rest));
        } catch (error) {
          const code = errorCode(error);
          if (code === 'EAGAIN') Atomics.wait(pause, 0, 0, RETRY_MS);
          else if (code === 'EPIPE' || code === 'EIO' || code === 'EBADF') gone.add(fd);
          else throw code === undefined ? error : new FileError(fd === 1 ? 'standard output' : 'standard error', 'written', code, error);
        }
      }
    },
  };
}

import { errnoName } from '../errno-name.ts';
import { FileError } from '../file-error.ts';
import { loadLibc } from '../libc.ts';
import type { Conversation } from '../network/dial.ts';
import { POLL, poll } from '../poll.ts';
import { usableColumns } from './text-width.ts';

/** rusta's own standard streams. Cheap calls only: `process.stdout` objects cost milliseconds (docs/decisions.md, section 4). */
export interface Stdio {
  /**
   * Writes everything. Returns false if the reader of a pipe has gone, which is not an error. A closed terminal or descriptor is not an
   * error either, and takes nothing. Throws FileError for a full disk.
   */
  write(fd: 1 | 2, bytes: Uint8Array | string): boolean;
  isTerminal(fd: 0 | 1 | 2): boolean;
  /** Tells whether the pipe or socket has lost its reader. Asks the kernel, because nothing may be printed for hours. */
  hasLostReader(fd: 1 | 2): boolean;
  /** Joins a server to standard input and output until both have ended. Rejects with the signal's reason. */
  relay(server: Conversation, signal: AbortSignal): Promise<void>;
  /** Returns the present width of a terminal in cells; 80 if it does not tell. Costly at first, so only for lines that are redrawn. */
  columns(fd: 1 | 2): number;
}

/** Milliseconds to wait for a full pipe before the next try: its reader may have gone meanwhile. */
const DRAIN_MS = 1_000;

export function createStdio(): Stdio {
  const libc = loadLibc();
  const lost = new Set<number>();
  const isTerminal = (fd: 0 | 1 | 2) => libc.isatty(fd) === 1;
  // Asked at the start: a terminal that was closed later is no longer one, but is not a pipe either.
  const terminals = { 1: isTerminal(1), 2: isTerminal(2) };
  return {
    isTerminal,
    columns: (fd) => usableColumns((fd === 1 ? process.stdout : process.stderr).columns),
    // A terminal that hangs up sends a signal instead, and `nohup` may have told us to ignore that.
    hasLostReader: (fd) => lost.has(fd) || (!terminals[fd] && (poll(libc, fd, POLL.out, 0) & (POLL.error | POLL.hangUp)) !== 0),
    relay: async (server, signal) => (await import('../network/relay.ts')).relay(server, libc, signal),
    write(fd, bytes) {
      let rest = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
      while (rest.byteLength > 0 && !lost.has(fd)) {
        const written = libc.write(fd, rest, rest.byteLength);
        if (written >= 0) {
          rest = rest.subarray(written);
          continue;
        }
        const code = errnoName(libc.errno());
        if (code === 'EPIPE') lost.add(fd);
        else if (code === 'EAGAIN') poll(libc, fd, POLL.out, DRAIN_MS);
        else if (code === 'EIO' || code === 'EBADF') return true;
        else if (code !== 'EINTR') throw new FileError(fd === 1 ? 'standard output' : 'standard error', 'written', code);
      }
      return !lost.has(fd);
    },
  };
}

import { dlopen, read } from 'bun:ffi';

/**
 * Calls of the C library that Bun lacks, or has only in modules that cost milliseconds at start-up (`node:tty` 4 ms, `node:fs` 2 ms).
 * None of them takes a variable number of arguments: Apple's arm64 passes those in another way.
 */
export interface Libc {
  /** 0 on success */
  flock(fd: number, operation: number): number;
  /** Returns 1 for a terminal. */
  isatty(fd: number): number;
  /** Returns the bytes written, -1 on failure. */
  write(fd: number, bytes: Uint8Array, length: number): number;
  /** Returns the number of descriptors with news, 0 after so many milliseconds, -1 on failure. */
  poll(descriptors: Uint8Array, count: number, timeoutMs: number): number;
  /** Makes the second descriptor a copy of the first. Returns -1 on failure. */
  dup2(fd: number, copy: number): number;
  /** Sets how a signal is handled, or reads that into `old`. Returns 0 on success. */
  sigaction(signal: number, action: Uint8Array | null, old: Uint8Array | null): number;
  /** Returns the number of the last failure. Must be called at once. */
  errno(): number;
}

const SYMBOLS = {
  flock: { args: ['i32', 'i32'], returns: 'i32' },
  isatty: { args: ['i32'], returns: 'i32' },
  write: { args: ['i32', 'ptr', 'u64'], returns: 'i64' },
  poll: { args: ['ptr', 'u64', 'i32'], returns: 'i32' },
  dup2: { args: ['i32', 'i32'], returns: 'i32' },
  sigaction: { args: ['i32', 'ptr', 'ptr'], returns: 'i32' },
} as const;

/** Returns the address of this thread's errno. */
const ERRNO_ADDRESS = { args: [], returns: 'ptr' } as const;

export function loadLibc(): Libc {
  if (process.platform === 'darwin') {
    // macOS looks for a name without a folder in the *current* folder first: a downloaded file could bring code into rusta.
    const { __error, ...calls } = dlopen('/usr/lib/libSystem.B.dylib', { ...SYMBOLS, __error: ERRNO_ADDRESS }).symbols;
    return withErrno(calls, __error);
  }
  const { __errno_location, ...calls } = dlopen('libc.so.6', { ...SYMBOLS, __errno_location: ERRNO_ADDRESS }).symbols;
  return withErrno(calls, __errno_location);
}

type Calls = Omit<Libc, 'errno' | 'write'> & { write(fd: number, bytes: Uint8Array, length: number): number | bigint };

function withErrno(calls: Calls, address: () => Parameters<typeof read.i32>[0] | null): Libc {
  return {
    ...calls,
    write: (fd, bytes, length) => Number(calls.write(fd, bytes, length)),
    errno() {
      const at = address();
      return at === null ? 0 : read.i32(at);
    },
  };
}

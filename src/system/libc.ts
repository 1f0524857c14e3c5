import { dlopen, read } from 'bun:ffi';

/**
 * Calls of the C library that Bun has none for, or only with modules that cost milliseconds at start-up (`node:tty` 4 ms, `node:fs` 2 ms).
 * None of them takes a variable number of arguments: Apple's arm64 passes those in another way.
 */
export interface Libc {
  /** 0 on success */
  flock(fd: number, operation: number): number;
  /** 1 for a terminal */
  isatty(fd: number): number;
  /** Bytes written, -1 on failure. */
  write(fd: number, bytes: Uint8Array, length: number): number;
  /** Number of descriptors of which there is news, 0 after so many milliseconds, -1 on failure. */
  poll(descriptors: Uint8Array, count: number, timeoutMs: number): number;
  /** Makes the second number stand for what the first one does. -1 on failure. */
  dup2(fd: number, copy: number): number;
  /** Sets how a signal is handled, or reads it into `old`. 0 on success. */
  sigaction(signal: number, action: Uint8Array | null, old: Uint8Array | null): number;
  /** The number of the last failure; to be asked at once. */
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
    // macOS looks for a name without a folder in the *current* folder first: a downloaded one could bring code into rusta.
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

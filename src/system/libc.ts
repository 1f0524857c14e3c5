import { dlopen } from 'bun:ffi';

export interface Libc {
  /** 0 on success */
  flock(fd: number, operation: number): number;
  /** 1 for a terminal */
  isatty(fd: number): number;
}

/** Calls of the C library that Bun has none for, or only with modules that cost milliseconds at start-up (`node:tty`: 4 ms). */
export function loadLibc(): Libc {
  // macOS looks for a name without a folder in the *current* folder first: a downloaded one could bring code into rusta.
  const name = process.platform === 'darwin' ? '/usr/lib/libSystem.B.dylib' : 'libc.so.6';
  return dlopen(name, { flock: { args: ['i32', 'i32'], returns: 'i32' }, isatty: { args: ['i32'], returns: 'i32' } }).symbols;
}

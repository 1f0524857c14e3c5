import { dlopen, ptr } from 'bun:ffi';

/** The few calls that Bun lacks: both kinds of file locks, real pipes (Bun's are sockets), default signal handling. */
const mac = process.platform === 'darwin';

const open = () => {
  const plain = {
    flock: { args: ['i32', 'i32'], returns: 'i32' },
    pipe: { args: ['ptr'], returns: 'i32' },
    signal: { args: ['i32', 'ptr'], returns: 'ptr' },
  } as const;
  // Apple's arm64 passes variadic arguments on the stack: six dummies fill the remaining registers.
  const padded = { fcntl: { args: ['i32', 'i32', 'i64', 'i64', 'i64', 'i64', 'i64', 'i64', 'ptr'], returns: 'i32' } } as const;
  const direct = { fcntl: { args: ['i32', 'i32', 'ptr'], returns: 'i32' } } as const;
  if (mac && process.arch === 'arm64') {
    const lib = dlopen('/usr/lib/libSystem.B.dylib', { ...plain, ...padded }).symbols;
    return { ...lib, fcntl: (fd: number, cmd: number, arg: Uint8Array) => lib.fcntl(fd, cmd, 0n, 0n, 0n, 0n, 0n, 0n, ptr(arg)) };
  }
  const lib = dlopen(mac ? '/usr/lib/libSystem.B.dylib' : 'libc.so.6', { ...plain, ...direct }).symbols;
  return { ...lib, fcntl: (fd: number, cmd: number, arg: Uint8Array) => lib.fcntl(fd, cmd, ptr(arg)) };
};

let loaded: ReturnType<typeof open> | undefined;
const libc = () => {
  loaded ??= open();
  return loaded;
};

export const FLOCK_EXCLUSIVE = 2;
export const FLOCK_NO_WAIT = 4;

export const flock = (fd: number, operation: number): boolean => libc().flock(fd, operation) === 0;

/** Offsets and numbers of `struct flock` and its commands. */
const layout = mac
  ? { size: 24, start: 0, pid: 16, type: 20, get: 7, set: 8, write: 3, unlocked: 2 }
  : { size: 32, start: 8, pid: 24, type: 0, get: 5, set: 6, write: 1, unlocked: 2 };

function wholeFile(): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(layout.size);
  const view = new DataView(bytes.buffer);
  view.setInt16(layout.type, layout.write, true);
  return { bytes, view };
}

/** POSIX write lock on the whole file, not waiting. Closing any descriptor of the file in this process drops it. */
export const posixLock = (fd: number): boolean => libc().fcntl(fd, layout.set, wholeFile().bytes) === 0;

/** The process that holds a POSIX lock on the file, 0 for none. */
export function posixLockOwner(fd: number): number {
  const { bytes, view } = wholeFile();
  if (libc().fcntl(fd, layout.get, bytes) !== 0) return 0;
  return view.getInt16(layout.type, true) === layout.unlocked ? 0 : view.getInt32(layout.pid, true);
}

/** A real pipe: [read end, write end]. Both ends reach children, so spawn at once and close the write end. */
export function pipe(): [number, number] {
  const ends = new Int32Array(2);
  if (libc().pipe(ptr(ends)) !== 0) throw new Error('pipe failed');
  return [ends[0] ?? -1, ends[1] ?? -1];
}

/** Bun ignores these two; what we exec, or die of, must not. */
export function restoreSignals(): void {
  const fileSizeExceeded = 25;
  const brokenPipe = 13;
  libc().signal(brokenPipe, null);
  libc().signal(fileSizeExceeded, null);
}

import type { Libc } from './libc.ts';

/** Bits of poll(2), the same on macOS and Linux. */
export const POLL = { out: 0x004, error: 0x008, hangUp: 0x010 } as const;

/**
 * Waits up to so many milliseconds for one descriptor, and returns its events as bits; 0 if there were none. macOS reports a pipe without
 * a reader only to those who want to write.
 */
export function poll(libc: Pick<Libc, 'poll'>, fd: number, wanted: number, timeoutMs: number): number {
  const descriptor = new DataView(new ArrayBuffer(8));
  descriptor.setInt32(0, fd, true);
  descriptor.setInt16(4, wanted, true);
  const count = libc.poll(new Uint8Array(descriptor.buffer), 1, timeoutMs);
  return count > 0 ? descriptor.getInt16(6, true) : 0;
}

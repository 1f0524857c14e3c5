import type { Stdio } from '../../../src/system/terminal/stdio.ts';

/** Streams that are no terminals, and keep what was written to each. */
export function capturedStdio() {
  const streams = { 1: '', 2: '' };
  const stdio: Stdio = {
    write(fd, bytes) {
      streams[fd] += String(bytes);
      return true;
    },
    isTerminal: () => false,
    hasLostReader: () => false,
    relay: () => Promise.reject(new Error('nothing to join')),
    columns: () => 80,
  };
  return { stdio, streams };
}

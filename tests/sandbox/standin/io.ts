import { fstatSync, readSync, writeSync } from 'node:fs';
import { restoreSignals } from './libc.ts';

const briefly = new Int32Array(new SharedArrayBuffer(4));
const isBusy = (error: unknown) => (error as { code?: string }).code === 'EAGAIN';

/** Writes all of it, at once, however slow the reader; dies of SIGPIPE as the real programs do. */
export function write(fd: number, data: string | Uint8Array): void {
  let rest = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      if ((error as { code?: string }).code === 'EPIPE') {
        restoreSignals();
        process.kill(process.pid, 'SIGPIPE');
      }
      if (!isBusy(error)) throw error;
      Atomics.wait(briefly, 0, 0, 1);
    }
  }
}

export const out = (text: string): void => write(1, `${text}\n`);
export const err = (text: string): void => write(2, `${text}\n`);

/** All of stdin. */
export function readInput(): Uint8Array {
  const chunks: Uint8Array[] = [];
  const chunk = new Uint8Array(65_536);
  for (;;) {
    try {
      const size = readSync(0, chunk, 0, chunk.length, null);
      if (size === 0) return Buffer.concat(chunks);
      chunks.push(chunk.slice(0, size));
    } catch (error) {
      if ((error as { code?: string }).code === 'EOF') return Buffer.concat(chunks);
      if (!isBusy(error)) throw error;
      Atomics.wait(briefly, 0, 0, 1);
    }
  }
}

/** Loads `node:tty` only for what may be a terminal: it brings all streams along, and takes as long as the start of the program. */
export const isTerminal = async (fd: number): Promise<boolean> =>
  fstatSync(fd).isCharacterDevice() && (await import('node:tty')).isatty(fd);

/** Ends the program with this code; thrown so that nothing after it runs. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

export const hang = (): Promise<never> => {
  setInterval(() => {}, 1 << 30);
  return new Promise<never>(() => {});
};

import { attempt } from '../errno.ts';

/** Means standard input where a file is asked for. */
export const STDIN = '-';

/**
 * Returns the bytes of a file that the user named, which may be a pipe, or of standard input. Nobody may ever write to a pipe: rejects with
 * the signal's reason. Throws FileError.
 */
export async function readWhole(path: string, signal: AbortSignal): Promise<Uint8Array> {
  const isStdin = path === STDIN;
  try {
    return await readToEnd(isStdin ? Bun.file(0) : Bun.file(path), signal);
  } catch (error) {
    return attempt(isStdin ? 'standard input' : path, 'read', () => {
      throw error;
    });
  }
}

async function readToEnd(file: Bun.BunFile, signal: AbortSignal): Promise<Uint8Array> {
  signal.throwIfAborted();
  const reader = file.stream().getReader();
  const stop = () => void reader.cancel();
  signal.addEventListener('abort', stop);
  const chunks: Uint8Array[] = [];
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks);
}

import { RustaError } from '../errors.ts';
import { errorCode } from '../system/errno.ts';
import { appendTo } from '../system/files/files.ts';
import { stripControl } from '../text/control.ts';

/** Copies what rusta and its programs print to `--log <file>`, without control sequences, at once (D17). */
export interface LogSink {
  write(chunk: Uint8Array | string): void;
}

/**
 * Appends to the file, making parent folders, and begins with `notice`. Throws RustaError if it cannot be written. A disk
 * that is full later ends the log, not the work: `onEnd` is told once.
 */
export function openLogSink(path: string, notice: string, onEnd: (message: string) => void): LogSink {
  const failure = (error: unknown) =>
    new RustaError('file_failed', `cannot write the log file '${path}': ${errorCode(error) ?? String(error)}`, { cause: error });
  const decoder = new TextDecoder();
  let ended = false;
  try {
    const append = appendTo(path);
    append(stripControl(`${notice}\n`));
    return {
      write(chunk) {
        if (ended) return;
        try {
          append(stripControl(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })));
        } catch (error) {
          ended = true;
          onEnd(`${failure(error).message}; going on without it`);
        }
      },
    };
  } catch (error) {
    throw failure(error);
  }
}

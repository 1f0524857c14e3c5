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
    new RustaError('file_failed', `cannot write the log file '${path}': ${errorCode(error) ?? String(error)}`, {
      hint: error instanceof RustaError ? error.hint : undefined,
      cause: error,
    });
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

/**
 * Returns the file that `--log` names. No shell replaces `~` in `--log=~/x`, and a folder `~` is what people then remove with all that they
 * have. Throws RustaError for what cannot be meant.
 */
export function logPath(given: string, home: string | undefined): string {
  if (given === '-') {
    throw new RustaError('usage', "--log takes a file, and '-' is none", {
      hint: "'./-' is a file of that name. Output is on the terminal anyway.",
    });
  }
  const tilde = /^~([^/]*)(?=\/|$)/.exec(given);
  if (tilde === null) return given;
  if (tilde[1] === '' && home) return home + given.slice(1);
  const reason = tilde[1] === '' ? 'HOME is not set' : 'no shell has replaced it';
  throw new RustaError('usage', `--log: '${tilde[0]}' stands for a home folder, but ${reason}`, {
    hint: `Write the folder out, or './${given}' for a file in the current folder.`,
  });
}

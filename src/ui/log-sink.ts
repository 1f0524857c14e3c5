import { RustaError } from '../errors.ts';
import { errorCode } from '../system/errno.ts';
import { appendTo } from '../system/files/files.ts';
import { stripControl } from '../text/control.ts';
import { expandTilde } from '../text/tilde.ts';

/** Copies the output of rusta and its programs to `--log <file>` at once, without control sequences (D17). */
export interface LogSink {
  write(chunk: Uint8Array | string): void;
}

/**
 * Opens the file for appending, makes its parent folders, and writes `notice` first. Throws RustaError if it cannot be written. If the
 * disk fills up later, the log ends but the work goes on: `onEnd` is called once.
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
 * Returns the file that `--log` names. In `--log=~/x` no shell replaces the `~`, and people delete a folder named `~` along with their
 * home. Throws RustaError for a name that cannot be meant.
 */
export function logPath(given: string, home: string | undefined): string {
  if (given === '-') {
    throw new RustaError('usage', "--log takes a file, and '-' is none", {
      hint: "'./-' is a file of that name. Output is on the terminal anyway.",
    });
  }
  const tilde = /^~([^/]*)(?=\/|$)/.exec(given);
  if (tilde === null) return given;
  if (tilde[1] === '' && home) return expandTilde(given, home);
  const reason = tilde[1] === '' ? 'HOME is not set' : 'no shell has replaced it';
  throw new RustaError('usage', `--log: '${tilde[0]}' stands for a home folder, but ${reason}`, {
    hint: `Write the folder out, or './${given}' for a file in the current folder.`,
  });
}

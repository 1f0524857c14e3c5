import { RustaError } from '../errors.ts';
import { appendTo, errorCode } from '../system/files.ts';
import { stripControl } from './control.ts';

/** Copies what rusta and its programs print to `--log <file>`, without control sequences, at once (design D17). */
export interface LogSink {
  readonly path: string;
  write(chunk: Uint8Array | string): void;
}

/** Appends to the file, making parent folders. Throws RustaError if it cannot be written. */
export function openLogSink(path: string): LogSink {
  try {
    const append = appendTo(path);
    const decoder = new TextDecoder();
    return {
      path,
      write: (chunk) => append(stripControl(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))),
    };
  } catch (error) {
    throw new RustaError(`cannot write the log file '${path}': ${errorCode(error) ?? String(error)}`, { cause: error });
  }
}

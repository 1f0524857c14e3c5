import { type Readable, Writable } from 'node:stream';
import type { Stdio } from './stdio.ts';
import { usableColumns } from './text-width.ts';

export interface PromptStreams {
  /** Opens stdin and stderr as streams; costly, so only for a real prompt. `onError` gets what their handlers throw, at any time. */
  open(onError: (error: unknown) => void): OpenStreams;
}

/** Disposing restores the terminal, and lets the process end although stdin was read. */
interface OpenStreams extends Disposable {
  readonly input: Readable;
  readonly output: Writable;
}

const SHOW_CURSOR = '\x1b[?25h';

export function createPromptStreams(stdio: Stdio): PromptStreams {
  let isPatched = false;
  return {
    open(onError) {
      if (!isPatched) outliveTerminal();
      isPatched = true;
      // The runtime calls the handlers of keys: an error in one would end nothing, and leave the terminal as it is.
      process.on('uncaughtException', onError);
      process.on('unhandledRejection', onError);
      const output = new PromptOutput(stdio);
      return {
        input: process.stdin,
        output,
        [Symbol.dispose]() {
          process.off('uncaughtException', onError);
          process.off('unhandledRejection', onError);
          output.release();
          process.stdin.setRawMode(false);
          process.stdin.pause();
          process.stdin.unref();
        },
      };
    },
  };
}

/** stderr with its usable width: clack asks only for a stream with `columns`. */
class PromptOutput extends Writable {
  readonly #stdio: Stdio;
  readonly #resized = () => this.emit('resize');
  #isCursorHidden = false;

  constructor(stdio: Stdio) {
    super({ decodeStrings: false });
    this.#stdio = stdio;
    process.stderr.on('resize', this.#resized);
  }

  get columns(): number {
    return usableColumns(process.stderr.columns);
  }

  /** When an answer takes a line less than before, clack writes the missing line as `undefined`. */
  override write(chunk: unknown): boolean {
    return super.write(chunk ?? '');
  }

  override _write(chunk: string, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#isCursorHidden = chunk.includes('\x1b[?25l') || (this.#isCursorHidden && !chunk.includes(SHOW_CURSOR));
    this.#stdio.write(2, chunk);
    done();
  }

  release(): void {
    process.stderr.off('resize', this.#resized);
    if (this.#isCursorHidden) this.#stdio.write(2, SHOW_CURSOR);
  }
}

/** Ignores the error of a terminal that was closed during the question: it cannot be restored, and the error would come from an event. */
function outliveTerminal(): void {
  const { stdin } = process;
  const setRawMode = stdin.setRawMode.bind(stdin);
  stdin.setRawMode = (isRaw) => {
    try {
      return setRawMode(isRaw);
    } catch (error) {
      if (isRaw) throw error;
      return stdin;
    }
  };
}

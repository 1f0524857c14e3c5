import { type Readable, Writable } from 'node:stream';
import { readCookedLine } from './cooked-line.ts';
import type { Stdio } from './stdio.ts';
import { usableColumns } from './text-width.ts';

export interface PromptStreams {
  /** Opens stdin and stderr as streams; costly, so only for a real prompt. */
  open(listeners: PromptListeners): OpenStreams;
  /** Asks on a terminal that can only print; undefined where the answer is none (Ctrl-D, `signal`). */
  askPlainly(question: string, signal: AbortSignal): Promise<string | undefined>;
}

interface PromptListeners {
  /** Gets what handlers of keys throw, at any time. */
  readonly onError: (error: unknown) => void;
  /** Nothing more can be typed: the end of input, or EIO, which a terminal that is being closed answers where it is read too early. */
  readonly onEnd: () => void;
  /** The terminal belonged to another program meanwhile (Ctrl-Z): the question has to be written anew, from the start of a line. */
  readonly onReturn: () => void;
}

/** Disposing restores the terminal, and lets the process end although stdin was read. */
interface OpenStreams extends Disposable {
  readonly input: Readable;
  readonly output: Writable;
}

const SHOW_CURSOR = '\x1b[?25h';
const HIDE_CURSOR = '\x1b[?25l';

export function createPromptStreams(stdio: Stdio): PromptStreams {
  let isPatched = false;
  return {
    async askPlainly(question, signal) {
      stdio.write(2, question);
      const line = await readCookedLine(signal);
      // Enter has ended the line already.
      if (line === undefined) stdio.write(2, '\n');
      return line;
    },
    open({ onError, onEnd, onReturn }) {
      if (!isPatched) outliveTerminal();
      isPatched = true;
      const { stdin } = process;
      let lost: unknown;
      const onLost = (error: unknown) => {
        lost = error;
        onEnd();
      };
      stdin.once('end', onEnd);
      stdin.once('error', onLost);
      // The runtime calls the handlers of keys: an error in one would end nothing, and leave the terminal as it is. readline throws the
      // error of stdin once more.
      const onFailure = (error: unknown) => {
        if (error !== lost) onError(error);
      };
      process.on('uncaughtException', onFailure);
      process.on('unhandledRejection', onFailure);
      const output = new PromptOutput(stdio);
      // readline stops rusta at Ctrl-Z, and leaves stdin paused when it goes on. It is heard of SIGCONT first, so it is waited for.
      const returnLater = () => {
        clearImmediate(returning);
        returning = setImmediate(() => {
          // Whoever had the terminal has set it for himself.
          stdin.setRawMode(false);
          stdin.setRawMode(true);
          stdin.resume();
          output.comeBack();
          onReturn();
        });
      };
      let returning: NodeJS.Immediate | undefined;
      const onKey = (_char: unknown, { name, ctrl }: { readonly name?: string; readonly ctrl?: boolean }) => {
        if (!ctrl || name !== 'z') return;
        output.standBack();
        // Where no shell waits for it, rusta is not stopped at all.
        returnLater();
      };
      // Before readline listens to it.
      stdin.on('keypress', onKey);
      process.on('SIGCONT', returnLater);
      return {
        input: stdin,
        output,
        [Symbol.dispose]() {
          clearImmediate(returning);
          stdin.off('keypress', onKey);
          process.off('SIGCONT', returnLater);
          process.off('uncaughtException', onFailure);
          process.off('unhandledRejection', onFailure);
          stdin.off('end', onEnd);
          stdin.off('error', onLost);
          output.release();
          stdin.setRawMode(false);
          stdin.pause();
          stdin.unref();
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
    this.#isCursorHidden = chunk.includes(HIDE_CURSOR) || (this.#isCursorHidden && !chunk.includes(SHOW_CURSOR));
    this.#stdio.write(2, chunk);
    done();
  }

  /** Leaves the terminal to others, on a line of their own. */
  standBack(): void {
    this.#stdio.write(2, `${this.#isCursorHidden ? SHOW_CURSOR : ''}\n`);
  }

  comeBack(): void {
    this.#stdio.write(2, `${this.#isCursorHidden ? HIDE_CURSOR : ''}\r\x1b[K`);
  }

  release(): void {
    process.stderr.off('resize', this.#resized);
    if (this.#isCursorHidden) this.#stdio.write(2, SHOW_CURSOR);
  }
}

/**
 * Ignores the errors of a terminal that was closed during the question: it cannot be restored, and they would come from events, perhaps so
 * late that they would decide the exit code.
 */
function outliveTerminal(): void {
  const { stdin } = process;
  stdin.on('error', () => {});
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

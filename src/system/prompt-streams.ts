import type { Readable, Writable } from 'node:stream';
import type { Stdio } from './stdio.ts';

export interface PromptStreams {
  /** stdin is a terminal. */
  readonly interactive: boolean;
  /** stdin and stderr as streams; costly, so only for a real prompt. */
  open(): { readonly input: Readable; readonly output: Writable };
  /** Lets the process end although stdin was read. */
  close(): void;
}

export function createPromptStreams(stdio: Stdio): PromptStreams {
  let opened = false;
  return {
    get interactive() {
      return stdio.isTerminal(0);
    },
    open: () => {
      if (!opened) outliveTerminal();
      opened = true;
      return { input: process.stdin, output: process.stderr };
    },
    close: () => {
      process.stdin.pause();
      process.stdin.unref();
    },
  };
}

/** A terminal that was closed while it was asked on can neither be written to nor set back: both would throw from events. */
function outliveTerminal(): void {
  const { stdin, stderr } = process;
  const setRawMode = stdin.setRawMode.bind(stdin);
  stdin.setRawMode = (isRaw) => {
    try {
      return setRawMode(isRaw);
    } catch (error) {
      if (isRaw) throw error;
      return stdin;
    }
  };
  stderr.on('error', () => {});
}

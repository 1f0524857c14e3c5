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
  return {
    get interactive() {
      return stdio.isTerminal(0);
    },
    open: () => ({ input: process.stdin, output: process.stderr }),
    close: () => {
      process.stdin.pause();
      process.stdin.unref();
    },
  };
}

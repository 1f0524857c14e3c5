import type { ErrorOfDocument, Event } from '../contract/documents.ts';
import type { Result } from '../contract/results.ts';
import { FileError } from '../system/file-error.ts';
import { commandsIn } from '../text/commands.ts';
import { stripControl } from '../text/control.ts';
import { jsonLine, successDocument } from './document.ts';
import type { Output, OutputOptions } from './output.ts';

export interface JsonOutputOptions extends Pick<OutputOptions, 'stdio' | 'verbose' | 'log'> {
  /** Milliseconds since rusta was started. */
  readonly elapsedMs: () => number;
}

/** How the steps of the set-up of a VM begin: `[3/6] Installing packages`. */
const NUMBERED = /^\[(\d+)\/(\d+)\] /;

/** The writer under --json: one document on stdout, whatever happens; all else is a JSON line on stderr (D22). */
export function createJsonOutput({ stdio, verbose, log, elapsedMs }: JsonOutputOptions): Output {
  let printed = 0;
  let answer: Result | undefined;
  let isAnswered = false;
  const write = (fd: 1 | 2, line: string) => {
    stdio.write(fd, line);
    log?.write(line);
  };
  const say = (event: Event) => {
    printed += 1;
    write(2, jsonLine(event));
  };
  const remark = (event: Exclude<Event['event'], 'progress'>) => (text: string) => {
    if (text !== '') say({ event, message: stripControl(text) });
  };
  const progress = (state: 'started' | 'done' | 'skipped') => (message: string) => {
    const [numbers, step, of] = NUMBERED.exec(message) ?? [''];
    const title = stripControl(message.slice(numbers.length));
    const place = { step: step === undefined ? null : Number(step), of: of === undefined ? null : Number(of) };
    say({ event: 'progress', title, state, ...place, elapsed_ms: Math.round(elapsedMs()) });
  };
  const conclude = (line: string) => {
    isAnswered = true;
    write(1, line);
  };
  const [output, trace, error] = [remark('output'), remark('trace'), remark('error')];
  return {
    json: true,
    // What a person reads of the result: `result` has it.
    data() {},
    step: progress('started'),
    ok: progress('done'),
    skip: progress('skipped'),
    notice: remark('notice'),
    warn: remark('warning'),
    error: (message, hint) => error(hint === undefined ? message : `${message}\n${hint}`),
    trace(message) {
      if (verbose) trace(message);
    },
    program(line, visible) {
      if (visible) output(line);
      else log?.write(`${line}\n`);
    },
    log: (line) => log?.write(`${line}\n`),
    printed: () => printed,
    live: undefined,
    tee: log?.write,
    result(value) {
      answer = value;
    },
    succeed() {
      if (answer === undefined) throw new Error('the command has no result');
      conclude(successDocument(answer));
    },
    fail({ code, exit, message, hint, log: file }) {
      const said = { message: stripControl(message), hint: hint === undefined ? null : stripControl(hint) };
      const failure: ErrorOfDocument = { code, exit, ...said, next: commandsIn(said.hint ?? ''), log: file ?? null };
      // What cannot be written, or only half, is not followed by a second document.
      if (isAnswered) return error(message);
      try {
        conclude(jsonLine({ schema: 1, ok: false, error: failure }));
      } catch (reason) {
        if (!(reason instanceof FileError)) throw reason;
        error(`${message}\n${reason.message}`);
      }
    },
  };
}

import type { ErrorOfDocument, Event } from '../contract/documents.ts';
import type { Result } from '../contract/results.ts';
import { FileError } from '../system/file-error.ts';
import { commandsIn } from '../text/commands.ts';
import { stripControl } from '../text/control.ts';
import { jsonLine, successDocument } from './document.ts';
import type { Failure } from './failure.ts';
import type { Output, OutputOptions } from './output.ts';

export interface JsonOutputOptions extends Pick<OutputOptions, 'stdio' | 'verbose' | 'log'> {
  /** Milliseconds since rusta was started. */
  readonly elapsedMs: () => number;
}

type Say = (event: Event) => void;
type Answers = Pick<Output, 'result' | 'succeed' | 'fail'>;

/** The begin of the title of a provisioning step: `[3/6] Installing packages`. */
const NUMBERED = /^\[(\d+)\/(\d+)\] /;

/** Makes the writer under --json: it writes one document to stdout, whatever happens, and all else as JSON lines to stderr (D22). */
export function createJsonOutput({ stdio, verbose, log, elapsedMs }: JsonOutputOptions): Output {
  let printed = 0;
  const write = (fd: 1 | 2, line: string) => {
    stdio.write(fd, line);
    log?.write(line);
  };
  const say: Say = (event) => {
    printed += 1;
    write(2, jsonLine(event));
  };
  const [output, trace, error] = [remark(say, 'output'), remark(say, 'trace'), remark(say, 'error')];
  const progress = (state: Progressed['state']) => (message: string) => say(progressed(message, state, elapsedMs()));
  return {
    ...answers((line) => write(1, line), error),
    json: true,
    // This is for people; programs get `result`.
    data() {},
    step: progress('started'),
    ok: progress('done'),
    skip: progress('skipped'),
    note: remark(say, 'notice'),
    notice: remark(say, 'notice'),
    warn: remark(say, 'warning'),
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
  };
}

/** Makes the calls that end a command. The first one counts: no second document follows one that could not be written, or only in part. */
function answers(write: (line: string) => void, complain: (message: string) => void): Answers {
  let answer: Result | undefined;
  let isAnswered = false;
  const conclude = (line: string) => {
    isAnswered = true;
    write(line);
  };
  return {
    result(value) {
      answer = value;
    },
    succeed() {
      if (answer === undefined) throw new Error('the command has no result');
      conclude(successDocument(answer));
    },
    fail(failure) {
      if (isAnswered) return complain(failure.message);
      try {
        conclude(jsonLine({ schema: 1, ok: false, error: errorOf(failure) }));
      } catch (reason) {
        if (!(reason instanceof FileError)) throw reason;
        complain([...new Set([failure.message, reason.message])].join('\n'));
      }
    },
  };
}

function errorOf({ code, exit, message, hint, log }: Failure): ErrorOfDocument {
  const words = hint === undefined ? null : stripControl(hint);
  return { code, exit, message: stripControl(message), hint: words, next: commandsIn(words ?? ''), log: log ?? null };
}

function remark(say: Say, event: Exclude<Event['event'], 'progress'>): (text: string) => void {
  return (text) => {
    if (text !== '') say({ event, message: stripControl(text) });
  };
}

type Progressed = Extract<Event, { readonly event: 'progress' }>;

function progressed(message: string, state: Progressed['state'], elapsedMs: number): Progressed {
  const [numbers, step, of] = NUMBERED.exec(message) ?? [''];
  const place = { step: step === undefined ? null : Number(step), of: of === undefined ? null : Number(of) };
  return { event: 'progress', title: stripControl(message.slice(numbers.length)), state, ...place, elapsed_ms: Math.round(elapsedMs) };
}

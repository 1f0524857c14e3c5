import { type ConsolaInstance, createConsola, type LogObject, type LogType } from 'consola/core';
import type { Result } from '../contract/results.ts';
import { FileError } from '../system/file-error.ts';
import type { Stdio } from '../system/terminal/stdio.ts';
import { printable, stripControl } from '../text/control.ts';
import { inCi } from './ci.ts';
import { type Colors, colorsFor, wantsColor } from './colors.ts';
import type { Failure } from './failure.ts';
import { createLiveLine, type LiveText } from './live-line.ts';
import type { LogSink } from './log-sink.ts';

/** The one writer: decides what reaches which stream, in which colour, and what the log keeps (D2). */
export interface Output {
  /** Programs read this: `result` reaches stdout, and nothing else does (D22). */
  readonly json: boolean;
  /** Prints what the command was asked for to stdout, and adds nothing but a line end. Programs get it from `result`. */
  data(text: string): void;
  /** Prints a note that belongs to it, to stdout as well. */
  note(text: string): void;
  /** Prints `==>` and what happens now. */
  step(message: string): void;
  /** `[ok]` */
  ok(message: string): void;
  /** Prints `[skip]` and what is as wanted already. */
  skip(message: string): void;
  /** Prints a line without a prefix to stderr. */
  notice(message: string): void;
  warn(message: string): void;
  error(message: string, hint?: string): void;
  /** Prints a line to stderr, but only under --verbose. */
  trace(message: string): void;
  /** Takes a line that a program printed: it is always logged, and shown if `visible`. */
  program(line: string, visible: boolean): void;
  /** Writes a line to the log alone, which the terminal shows in another way. */
  log(line: string): void;
  /** Returns how many lines were printed so far: while that stays the same, there is silence. */
  printed(): number;
  /** Redraws the last line of the terminal below all others; undefined removes it. Absent where nothing can be redrawn. */
  readonly live: ((text: LiveText | undefined) => void) | undefined;
  /** Writes to the log alone; undefined without one. */
  readonly tee: ((chunk: Uint8Array | string) => void) | undefined;
  /** Takes what programs get of the command once it has succeeded; people get `data`. The last call counts. */
  result(value: Result): void;
  /** Notes that the command has succeeded, whatever its exit code. Called once, and last. Throws FileError. */
  succeed(): void;
  /** Notes that the command has failed. Called once, and last. */
  fail(failure: Failure): void;
}

export interface OutputOptions {
  readonly stdio: Stdio;
  readonly env: Readonly<Record<string, string>>;
  readonly verbose: boolean;
  /** The stream of progress: commands that print data keep stdout clean. */
  readonly progressTo: 'stdout' | 'stderr';
  readonly log: LogSink | undefined;
}

type Stream = 'stdout' | 'stderr';
type Style = {
  readonly prefix: string;
  readonly paint: (colors: Colors) => (text: string) => string;
  readonly stream: Stream | 'progress';
};

const plain = () => (text: string) => text;

// consola's names for the lines of spec 6.4; `ready` is `[skip]`.
const STYLES = {
  log: { prefix: '', paint: plain, stream: 'stdout' },
  start: { prefix: '==>', paint: (c) => (text) => c.bold(c.cyan(text)), stream: 'progress' },
  success: { prefix: '[ok]', paint: (c) => c.green, stream: 'progress' },
  ready: { prefix: '[skip]', paint: (c) => c.yellow, stream: 'progress' },
  verbose: { prefix: '', paint: plain, stream: 'progress' },
  info: { prefix: '', paint: plain, stream: 'stderr' },
  warn: { prefix: '[warn]', paint: (c) => c.yellow, stream: 'stderr' },
  error: { prefix: '[error]', paint: (c) => c.red, stream: 'stderr' },
  debug: { prefix: '', paint: (c) => c.dim, stream: 'stderr' },
} as const satisfies Partial<Record<LogType, Style>>;

export function createOutput(options: OutputOptions): Output {
  const { stdio, env } = options;
  const colors = {
    stdout: colorsFor(wantsColor(env, stdio.isTerminal(1))),
    stderr: colorsFor(wantsColor(env, stdio.isTerminal(2))),
  };
  const fd = options.progressTo === 'stdout' ? 1 : 2;
  const live = canRedraw(options, fd) ? createLiveLine({ stdio, fd, colors: colors[options.progressTo] }) : undefined;
  let printed = 0;
  const print = (entry: LogObject) => {
    printed += 1;
    const style = styleOf(entry.type);
    const stream = style.stream === 'progress' ? options.progressTo : style.stream;
    // Messages quote registries, programs and files: none of them may send control sequences to the terminal.
    const text = entry.type === 'log' ? stripControl(String(entry.args[0])) : printable(String(entry.args[0]));
    const dressed = style.prefix === '' ? style.paint(colors[stream])(text) : `${style.paint(colors[stream])(style.prefix)} ${text}`;
    const write = () => stdio.write(stream === 'stdout' ? 1 : 2, `${dressed}\n`);
    if (live === undefined) write();
    else live.above(write);
    options.log?.write(style.prefix === '' ? `${text}\n` : `${style.prefix} ${text}\n`);
  };
  const logger = createConsola({ level: Number.POSITIVE_INFINITY, throttle: 0, reporters: [{ log: print }] });
  return { ...methods(logger, options), printed: () => printed, live: live?.set, tee: options.log?.write };
}

/**
 * Tells whether a live line is of use: on a terminal that a person watches. CI keeps terminals whose output becomes a file, and --verbose
 * prints every line anyway.
 */
function canRedraw({ stdio, env, verbose }: OutputOptions, fd: 1 | 2): boolean {
  return !verbose && !inCi(env) && env['TERM'] !== 'dumb' && stdio.isTerminal(fd);
}

function methods(logger: ConsolaInstance, options: OutputOptions): Omit<Output, 'printed' | 'live' | 'tee'> {
  const printError: Output['error'] = (message, hint) => {
    logger.error(message);
    if (hint !== undefined) logger.info(hint);
  };
  return {
    json: false,
    data: (text) => logger.log(text),
    step: (message) => logger.start(message),
    ok: (message) => logger.success(message),
    skip: (message) => logger.ready(message),
    note: (text) => logger.log(text),
    notice: (message) => logger.info(message),
    warn: (message) => logger.warn(message),
    error: printError,
    trace(message) {
      if (options.verbose) logger.debug(message);
    },
    program(line, visible) {
      if (visible) logger.verbose(line);
      else options.log?.write(`${line}\n`);
    },
    log: (line) => options.log?.write(`${line}\n`),
    // People have read it by now.
    result() {},
    succeed() {},
    fail({ message, hint, isAnswer }) {
      if (!isAnswer) return printError(message, hint);
      try {
        logger.log(message);
        if (hint !== undefined) logger.info(hint);
      } catch (reason) {
        if (!(reason instanceof FileError)) throw reason;
        printError(message, reason.message);
      }
    },
  };
}

function styleOf(type: LogType): Style {
  const styles: Partial<Record<LogType, Style>> = STYLES;
  return styles[type] ?? STYLES.info;
}

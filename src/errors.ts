import { type ErrorCode, FAILURES } from './contract/failures.ts';

export type { ErrorCode } from './contract/failures.ts';

/** Signals that end a command early. SIGPIPE means that the reader of standard output has gone, for which rusta gets no signal. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

export interface ErrorDetails {
  /** What to do about it: lines for the user, the next command among them. */
  readonly hint?: string | undefined;
  /** A file that says more. */
  readonly log?: string | undefined;
  /** The exit code of another program, if rusta ends with that. */
  readonly exitCode?: number | undefined;
  /** The message is the answer to the command: it goes to stdout as it is (D2). */
  readonly isAnswer?: boolean;
  readonly cause?: unknown;
}

/** An error that the user reads as a message, not as a stack: `[error] message`, then the hint. */
export abstract class ReportedError extends Error {
  abstract readonly exitCode: number;
  readonly log: string | undefined;
  readonly isAnswer: boolean;
  #hint: string | undefined;

  constructor(message: string, { hint, log, isAnswer = false, cause }: ErrorDetails = {}) {
    super(message, { cause });
    this.log = log;
    this.#hint = hint;
    this.isAnswer = isAnswer;
  }

  get hint(): string | undefined {
    return this.#hint;
  }

  /** Adds lines to the hint; class, code, message and cause stay. */
  withHint(hint: string): this {
    this.#hint = this.#hint === undefined ? hint : `${this.#hint}\n${hint}`;
    return this;
  }
}

/** A failure that a user can cause. */
export class RustaError extends ReportedError {
  override readonly name: string = 'RustaError';
  readonly code: ErrorCode;
  readonly exitCode: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.code = code;
    this.exitCode = details.exitCode ?? FAILURES[code].exit;
  }
}

/** The command line itself is wrong: nothing was started. `command` is the command whose `--help` is suggested. */
export class UsageError extends RustaError {
  override readonly name = 'UsageError';

  constructor(message: string, command?: string, suggestion?: string) {
    const help = command ? `Run 'rusta ${command} --help'.` : "Run 'rusta --help'.";
    super('usage', message, { hint: suggestion ? `Did you mean '${suggestion}'? ${help}` : help });
  }
}

/** The end of a program that was started. */
interface ProgramEnd {
  readonly exitCode: number;
  readonly stderr: string;
  readonly stdout: string;
  readonly timedOut: boolean;
}

/** A program could not be started, failed, hung or printed too much. Made by the runner alone. */
export class ToolError extends RustaError {
  override readonly name = 'ToolError';
  readonly program: string;
  /** The exit code; undefined if the program did not end by itself. */
  readonly programExitCode: number | undefined;
  readonly stderr: string;
  readonly stdout: string;
  /** It hung, and the runner has ended it. */
  readonly timedOut: boolean;

  constructor(program: string, message: string, details: Partial<ProgramEnd> = {}) {
    super('program_failed', message);
    this.program = program;
    this.programExitCode = details.exitCode;
    this.stderr = details.stderr ?? '';
    this.stdout = details.stdout ?? '';
    this.timedOut = details.timedOut ?? false;
  }
}

/** The exit code: 128 + the signal's number, as in shells. */
const SIGNAL_EXIT_CODES: Record<StopSignal, number> = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 };

/** A stop signal reached rusta outside a prompt (D1). It is not a RustaError, so that no handler of failures goes on after it. */
export class Interrupted extends ReportedError {
  override readonly name = 'Interrupted';
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(signal === 'SIGPIPE' ? 'interrupted: nobody reads the output any more' : `interrupted (${signal})`);
    this.signal = signal;
  }

  get exitCode(): number {
    return SIGNAL_EXIT_CODES[this.signal];
  }
}

/** Exit codes of spec 2.3, and those of a process ended by a signal (128 + number). */
const EXIT = { ok: 0, failure: 1, notFound: 2, hangup: 129, interrupt: 130, terminate: 143 } as const;

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** Anything a user can cause: printed as `[error] message`, then the hint, never with a stack. */
export class RustaError extends Error {
  override readonly name: string = 'RustaError';
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: { hint?: string | undefined; exitCode?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? EXIT.failure;
  }
}

/** The command line itself is wrong: nothing was started. `command` is what `--help` should be asked of. */
export class UsageError extends RustaError {
  override readonly name = 'UsageError';

  constructor(message: string, command?: string, suggestion?: string) {
    const help = command ? `Run 'rusta ${command} --help'.` : "Run 'rusta --help'.";
    super(message, { hint: suggestion ? `Did you mean '${suggestion}'? ${help}` : help });
  }
}

/** A program could not be started, failed, hung or flooded us. Made by the runner alone. */
export class ToolError extends RustaError {
  override readonly name = 'ToolError';
  readonly program: string;
  /** undefined where the program did not end by itself */
  readonly code: number | undefined;
  readonly stderr: string;

  constructor(program: string, message: string, details: { code?: number | undefined; stderr?: string } = {}) {
    super(message);
    this.program = program;
    this.code = details.code;
    this.stderr = details.stderr ?? '';
  }
}

/** What the system's errors mean to the user who can mend them. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EFBIG: 'it may not grow that large',
  EISDIR: 'it is a folder',
  EFTYPE: 'it is no plain file',
  ENOTDIR: 'a part of its path is not a folder',
  EEXIST: 'something else is in its place',
  ELOOP: 'it is a link, or its path has too many',
};

const IN_THE_WAY: ReadonlySet<string> = new Set(['EISDIR', 'EFTYPE', 'ENOTDIR', 'EEXIST', 'ELOOP']);

/** A file or folder could not be read, written or removed. Made by `system` alone. */
export class FileError extends RustaError {
  override readonly name = 'FileError';
  /** `errno` name such as EACCES */
  readonly code: string;

  constructor(path: string, what: 'read' | 'written' | 'made' | 'removed', code: string, cause: unknown) {
    super(`${path} cannot be ${what}: ${code}${Object.hasOwn(WHY, code) ? ` (${WHY[code]})` : ''}`, {
      hint: IN_THE_WAY.has(code) ? 'Move away what stands in its place, then try again.' : undefined,
      cause,
    });
    this.code = code;
  }
}

const SIGNAL_EXIT: Record<StopSignal, number> = { SIGINT: EXIT.interrupt, SIGTERM: EXIT.terminate, SIGHUP: EXIT.hangup };

/** INT, TERM or HUP reached rusta outside a prompt (design D1). */
export class Interrupted extends RustaError {
  override readonly name = 'Interrupted';
  readonly signal: StopSignal;

  constructor(signal: StopSignal) {
    super(`interrupted (${signal})`, { exitCode: SIGNAL_EXIT[signal] });
    this.signal = signal;
  }
}

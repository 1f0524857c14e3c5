/** What ends a command early. SIGPIPE stands for a reader of standard output that has gone: rusta gets no signal for that. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/**
 * Every way in which a command can fail, and the exit code that follows from it: 2 means that the named thing does not
 * exist, everything else is 1 (D1). The list is closed: scripts match these names.
 */
const EXIT_CODES = {
  /** The command line is wrong; nothing was started. */
  usage: 1,
  /** This machine cannot run rusta. */
  host_unsupported: 1,
  /** A program that rusta needs is missing and could not be installed. */
  program_missing: 1,
  /** A program failed, hung, could not be started or said something that rusta cannot read. */
  program_failed: 1,
  /** HOME, RUSTA_SSH_PORT or another variable has a value that cannot be used. */
  environment_invalid: 1,
  /** state.toml cannot be understood. */
  state_invalid: 1,
  /** A file or folder could not be read, written or removed. */
  file_failed: 1,
  /** Another rusta holds a lock for too long. */
  busy: 1,
  vm_not_found: 2,
  /** No VM was named, and there is neither a default nor a terminal to ask on. */
  vm_not_chosen: 2,
  vm_exists: 1,
  /** Files of its folder are missing, so that Tart does not list it. */
  vm_damaged: 1,
  vm_running: 1,
  vm_not_running: 1,
  /** Its creation stopped half-way. */
  vm_incomplete: 1,
  /** `rusta default` without a default. */
  no_default: 1,
  /** The user said no, or closed the prompt. */
  declined: 1,
  /** A question would have to be asked, and there is no terminal. */
  not_a_terminal: 1,
  /** A source or image that is to be removed or moved is not configured. */
  not_configured: 2,
  /** `--source` names none of the configured sources. */
  source_unknown: 1,
  /** No source has the image. */
  image_not_found: 1,
  registry_unreachable: 1,
  disk_full: 1,
  clone_failed: 1,
  boot_failed: 1,
  /** A folder of the Mac is not there, or must not be seen by a guest. */
  share_refused: 1,
  /** The guest could not mount a folder of the Mac. */
  share_failed: 1,
  provisioning_failed: 1,
  /** Nobody knows how a command in a guest has ended. */
  command_lost: 1,
  shutdown_failed: 1,
  delete_failed: 1,
  /** A wait came to its end. */
  timed_out: 1,
  login_refused: 1,
  connection_failed: 1,
  copy_failed: 1,
  docker_setup_failed: 1,
  key_unusable: 1,
  /** There is no log, key or folder to work on. */
  nothing_to_read: 1,
} as const satisfies Record<string, 1 | 2>;

export type ErrorCode = keyof typeof EXIT_CODES;

export interface ErrorDetails {
  /** What to do about it: lines for the user, the next command among them. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** What ends a command with a message instead of a stack: `[error] message`, then the hint. */
export abstract class ReportedError extends Error {
  abstract readonly exitCode: number;
  #hint: string | undefined;

  constructor(message: string, { hint, cause }: ErrorDetails = {}) {
    super(message, { cause });
    this.#hint = hint;
  }

  get hint(): string | undefined {
    return this.#hint;
  }

  /** Adds lines below the hint that is there: class, code, message and cause stay what they are. */
  withHint(hint: string): this {
    this.#hint = this.#hint === undefined ? hint : `${this.#hint}\n${hint}`;
    return this;
  }
}

/** A failure that a user can cause. */
export class RustaError extends ReportedError {
  override readonly name: string = 'RustaError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details);
    this.code = code;
  }

  get exitCode(): number {
    return EXIT_CODES[this.code];
  }
}

/** The command line itself is wrong: nothing was started. `command` is what `--help` should be asked of. */
export class UsageError extends RustaError {
  override readonly name = 'UsageError';

  constructor(message: string, command?: string, suggestion?: string) {
    const help = command ? `Run 'rusta ${command} --help'.` : "Run 'rusta --help'.";
    super('usage', message, { hint: suggestion ? `Did you mean '${suggestion}'? ${help}` : help });
  }
}

/** A program could not be started, failed, hung or printed too much. Made by the runner alone. */
export class ToolError extends RustaError {
  override readonly name = 'ToolError';
  readonly program: string;
  /** undefined where the program did not end by itself */
  readonly programExitCode: number | undefined;
  readonly stderr: string;
  readonly stdout: string;

  constructor(program: string, message: string, details: { exitCode?: number | undefined; stderr?: string; stdout?: string } = {}) {
    super('program_failed', message);
    this.program = program;
    this.programExitCode = details.exitCode;
    this.stderr = details.stderr ?? '';
    this.stdout = details.stdout ?? '';
  }
}

/** 128 + the signal's number, as shells say it. */
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

/** How `tart` fails: what goes to stderr, and the exit code (contract, section 1). */
export class TartFailure extends Error {
  readonly code: number;

  constructor(stderr: string, code: number) {
    super(stderr);
    this.code = code;
  }
}

/** RuntimeError: the message alone. */
export const runtimeError = (message: string, code = 1) => new TartFailure(message, code);

/** Anything else thrown while running, or any non-validation error in the validation phase. */
export const otherError = (description: string) => new TartFailure(`Error: ${description}`, 1);

/** ValidationError and parse errors; without a subcommand the usage is the root's. */
export function usageError(message: string, subcommand?: { name: string; usage: string }, help?: string): TartFailure {
  const tail = subcommand
    ? `Usage: tart ${subcommand.name}${subcommand.usage ? ` ${subcommand.usage}` : ''}\n  See 'tart ${subcommand.name} --help' for more information.`
    : "Usage: tart <subcommand>\n  See 'tart --help' for more information.";
  return new TartFailure(`Error: ${message}\n${help ? `Help:  ${help}\n` : ''}${tail}`, 64);
}

const doesNotExist = (name: string) => `the specified VM "${name}" does not exist`;
export const missing = (name: string) => runtimeError(doesNotExist(name), 2);
export const notRunning = (name: string) => runtimeError(`VM "${name}" is not running`, 2);

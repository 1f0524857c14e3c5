import { ReportedError, RustaError } from '../errors.ts';
import { errorCode } from '../system/errno.ts';
import type { Failure } from '../ui/failure.ts';

/** Returns the failure of a command from anything that was thrown. Only our own bugs show a stack; `repository` is where they are reported. */
export function failureOf(error: unknown, repository: string): Failure {
  if (error instanceof ReportedError) {
    const { message, hint, log, isAnswer, exitCode: exit } = error;
    return { code: error instanceof RustaError ? error.code : 'interrupted', exit, message, hint, log, isAnswer };
  }
  const failure = { exit: 1, log: undefined, isAnswer: false };
  // Bun names no call where a path is longer than any may be.
  if (errorCode(error) !== undefined && error instanceof Error && ('syscall' in error || 'errno' in error)) {
    return { ...failure, code: 'system_call_failed', message: `a system call failed: ${error.message}`, hint: undefined };
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ...failure, code: 'bug', message: `this is a bug in rusta, please report it at ${repository}/issues`, hint: details };
}

import type { FailureCode } from '../contract/failures.ts';

/** The failure of a command, as both writers tell it. */
export interface Failure {
  readonly code: FailureCode;
  readonly exit: number;
  readonly message: string;
  readonly hint: string | undefined;
  /** The message is the answer to what was asked for (D2). */
  readonly isAnswer: boolean;
  /** A file that says more. */
  readonly log: string | undefined;
}

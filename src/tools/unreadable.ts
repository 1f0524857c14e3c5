import { RustaError } from '../errors.ts';
import { firstLine } from '../text/lines.ts';

/** Characters of an answer that suffice to show what it is. */
const SHOWN = 60;

/** Returns the error for a program that exited with 0, but printed something unreadable. */
export function unreadable(call: string, answer: string): RustaError {
  return new RustaError(
    'program_failed',
    `the answer of '${call}' cannot be read: it begins with '${(firstLine(answer) ?? '').slice(0, SHOWN)}'`,
  );
}

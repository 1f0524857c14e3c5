import { RustaError } from '../errors.ts';
import { firstLine } from '../text/lines.ts';

/** As much of an answer as shows what it is instead. */
const SHOWN = 60;

/** The error for a program that ended well and said what nobody can read. */
export function unreadable(call: string, answer: string): RustaError {
  return new RustaError(
    'program_failed',
    `the answer of '${call}' cannot be read: it begins with '${(firstLine(answer) ?? '').slice(0, SHOWN)}'`,
  );
}
